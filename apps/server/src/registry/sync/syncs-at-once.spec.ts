import { join } from 'node:path';

import { describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';

import { describeOnEachDatabase } from '../../../../../test/support/database.ts';
import { GitMirror } from '../git/git-mirror.ts';
import { useRegistryBench, template } from '../../../../../test/support/registry-bench.ts';
import type { RegistryBench } from '../../../../../test/support/registry-bench.ts';

Logger.overrideLogger(false);
jest.setTimeout(60_000);

describeOnEachDatabase(describe, 'a registry that is read several times at once', ({ open }) => {
  let bench: RegistryBench;

  useRegistryBench(open, (opened) => ({ bench } = opened));

  it('reads once more for all who ask while it reads: what they pushed may not have been there', async () => {
    const { put, commit } = bench;
    put('templates/memo/template.yaml', template('memo'));
    const old = commit();
    const fetched = jest.spyOn(GitMirror.prototype, 'fetch');
    try {
      const first = bench.registry.sync();
      while (fetched.mock.calls.length === 0) await new Promise((done) => setTimeout(done, 1));
      await fetched.mock.results[0]?.value;
      put('templates/memo/template.yaml', template('memo', 'Pushed'));
      const pushed = commit();
      const later = await Promise.all([bench.registry.sync(), bench.registry.sync(), bench.registry.sync()]);
      expect(later.map((view) => view.commit)).toEqual([pushed, pushed, pushed]);
      expect([old, pushed]).toContain((await first).commit);
      expect(fetched).toHaveBeenCalledTimes(2);
    } finally {
      fetched.mockRestore();
    }
  });

  it('does not put what it read long ago before what another server has read since', async () => {
    const { service, put, commit, work, folder } = bench;
    put('templates/memo/template.yaml', template('memo', 'Old'));
    commit();
    await bench.registry.sync();
    put('templates/memo/template.yaml', template('memo', 'Slow'));
    commit();
    const other = service({ REGISTRY_URL: work, DATA_DIR: join(folder, 'data-2') });
    const fetch = Reflect.get(GitMirror.prototype, 'fetch');
    const slow = jest.spyOn(GitMirror.prototype, 'fetch').mockImplementationOnce(async function (
      this: GitMirror,
      ...args
    ) {
      const read = await fetch.apply(this, args);
      put('templates/memo/template.yaml', template('memo', 'New'));
      commit();
      await other.sync();
      return read;
    });
    try {
      await bench.registry.sync();
    } finally {
      slow.mockRestore();
    }
    expect((await bench.templates.show('default', 'memo')).title).toBe('New');
  });

  it('takes two servers that sync at once', async () => {
    const { service, put, commit, work, folder } = bench;
    for (const name of ['letter', 'memo', 'note']) put(`templates/${name}/template.yaml`, template(name));
    commit();
    const other = service({ REGISTRY_URL: work, DATA_DIR: join(folder, 'data-2') });
    await Promise.all([bench.registry.sync(), other.sync()]);
    expect((await bench.registry.view()).templates.map(({ name }) => name)).toEqual([
      'letter',
      'memo',
      'note',
    ]);
  });
});
