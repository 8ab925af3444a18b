import { shiftClock } from './shift-clock.ts';

shiftClock(-2 * 3_600_000);
