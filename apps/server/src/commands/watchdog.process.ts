/* The program of the watchdog: see `watchdog.ts`. It is started with a pipe that the server alone holds. */
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';

import { killGroup, killMarked } from './process-table.ts';
import type { WatchdogNews } from './watchdog.ts';

const underWay = new Map<string, { folder: string; pid: number | null }>();

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => hear(JSON.parse(line) as WatchdogNews));
lines.on('close', () => {
  for (const [mark, { pid, folder }] of underWay) {
    if (pid !== null) killGroup(pid);
    killMarked(mark);
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
});

function hear(news: WatchdogNews): void {
  switch (news.news) {
    case 'begun':
      underWay.set(news.mark, { folder: news.folder, pid: null });
      return;
    case 'started': {
      const run = underWay.get(news.mark);
      if (run !== undefined) run.pid = news.pid;
      return;
    }
    case 'over':
      underWay.delete(news.mark);
  }
}
