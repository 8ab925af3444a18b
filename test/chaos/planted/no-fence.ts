import { plant } from './plant.ts';
import { UNFENCED_ENTRY } from './unfenced.ts';

/** Whoever writes, writes. */
plant({ file: 'apps/server/dist/runs/sql/append-entries.js', replace: [UNFENCED_ENTRY] });
