import Sequencer from '@jest/test-sequencer';

/**
 * Suites that start processes take minutes; one of them begun last would leave the other cores idle. Where no earlier
 * run has left its times, Jest goes by the size of files and does not know that.
 */
export default class ProcessesFirst extends Sequencer {
  sort(tests) {
    const startsProcesses = ({ path }) => /[\\/]test[\\/](?:e2e|faults|artifacts|demo|chaos)[\\/]/.test(path);
    const sorted = super.sort(tests);
    return [...sorted.filter(startsProcesses), ...sorted.filter((test) => !startsProcesses(test))];
  }
}
