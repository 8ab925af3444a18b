import { plant } from './plant.ts';
import { UNFENCED_ENTRY } from './unfenced.ts';

/** The version is read, compared here, and only then written: between the two there is room for another. */
const READ_FIRST = `const seen = await database.query({ name: 'read-first',
      text: 'select run_id as id, max(version) as version from journal_entry where run_id = any($1) group by run_id' },
      [pending.map(({ id }) => id)]);
    const versions = new Map(seen.map(({ id, version }) => [id, version]));
    pending = pending.filter(({ id, write }) => versions.get(id) === write.entry.version - 1);
    if (pending.length === 0) return new Set();
    await new Promise((resolve) => setTimeout(resolve, 20));
    `;

plant({
  file: 'apps/server/dist/runs/sql/append-entries.js',
  replace: [UNFENCED_ENTRY, ['const alone = pending.every(', `${READ_FIRST}const alone = pending.every(`]],
});
