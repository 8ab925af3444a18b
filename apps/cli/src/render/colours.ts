import pc from 'picocolors';

/** Colours are always written, and taken away again where text leaves for a place that wants none (`print`). */
export const colours = pc.createColors(true);
