import { plant } from './plant.ts';
import { UNFENCED_ENTRY, UNFENCED_HEADER } from './unfenced.ts';

/** The version is read, compared here, and only then written: between the two there is room for another. */
plant({
  file: 'apps/server/dist/runs/sql/append-entries.js',
  replace: [
    UNFENCED_HEADER,
    [
      'const columns = [...entryColumns(pending)',
      `const seen = await database.query({ name: 'read-first', text: 'select id, version from run where id = any($1)' }, [pending.map(({ id }) => id)]);
    const versions = new Map(seen.map(({ id, version }) => [id, version]));
    pending = pending.filter(({ id, write }) => versions.get(id) === write.entry.version - 1);
    if (pending.length === 0) return new Set();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const columns = [...entryColumns(pending)`,
    ],
  ],
});
plant({ file: 'apps/server/dist/runs/sql/written-rows.js', replace: [UNFENCED_ENTRY] });
