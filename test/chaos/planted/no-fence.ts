import { plant } from './plant.ts';
import { UNFENCED_ENTRY, UNFENCED_HEADER } from './unfenced.ts';

/** Whoever writes, writes: an entry goes behind the last one, whatever its writer believed the last one to be. */
plant({ file: 'apps/server/dist/runs/sql/append-entries.js', replace: [UNFENCED_HEADER] });
plant({ file: 'apps/server/dist/runs/sql/written-rows.js', replace: [UNFENCED_ENTRY] });
