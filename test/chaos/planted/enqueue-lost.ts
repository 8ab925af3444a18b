import { plant } from './plant.ts';

/** Work is put into the queue once, after the commit, and some of it is lost on the way; a process trusts that its queue has the rest. */
plant({
  file: 'libs/engine/dist/execution/recovery.js',
  replace: [['page.filter((id) => !seen.has(id))', '[]']],
});
plant({
  file: 'libs/engine/dist/execution/work-desk.js',
  replace: [
    [
      'if (items.length === 0 || this.#closed)',
      'if (items.length === 0 || this.#closed || Math.random() < 0.3)',
    ],
  ],
});
plant({
  file: 'libs/engine/dist/execution/batch.js',
  replace: [['if (!this.#beginOne(command))', 'if (true)']],
});
