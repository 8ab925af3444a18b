import { coverageOf } from './coverage.ts';
import type { Coverage } from './coverage.ts';
import { FONT_FAMILIES } from './font-files.ts';
import type { FontFamily } from './font-files.ts';
import { renameFont } from './woff.ts';

/** A family, and what it has glyphs for. */
export interface FontChoice {
  family: string;
  covers: Coverage;
}

/** Fonts for one book: the files to hand to the typesetter, and the families in the order in which it shall look. */
export interface LoadedFonts {
  files: Uint8Array[];
  body: string[];
  code: string[];
  covers: Coverage;
  /** Families for the words of drawings; the plain one that fits diagrams comes first. */
  drawing: FontChoice[];
}

/** Loads the fonts that a text needs, and no more: each further tier only when a character is still missing. */
export async function loadFonts(
  characters: ReadonlySet<number>,
  asset: (name: string) => Promise<Uint8Array>,
): Promise<LoadedFonts> {
  const chosen: Array<{ family: FontFamily; covers: Coverage }> = [];
  let missing = [...characters];
  for (const tier of ['core', 'wide', 'emoji', 'han'] as const) {
    // Words of drawings are set in the wide family, so it is always there.
    if (tier !== 'core' && tier !== 'wide' && missing.length === 0) break;
    for (const family of FONT_FAMILIES.filter((candidate) => candidate.tier === tier)) {
      const covers = coverageOf(await asset(family.files[0]?.asset ?? ''));
      if (tier === 'core' || tier === 'wide' || missing.some(covers)) chosen.push({ family, covers });
    }
    const body = chosen.filter(({ family }) => family.use === 'body');
    missing = missing.filter((code) => !body.some(({ covers }) => covers(code)));
  }
  const files = await Promise.all(
    chosen.flatMap(({ family }) =>
      family.files.map(async ({ style, asset: name }) => renameFont(await asset(name), family.family, style)),
    ),
  );
  const names = (use: 'body' | 'code') =>
    chosen.filter(({ family }) => family.use === use).map(({ family }) => family.family);
  const body = names('body');
  return {
    files,
    body,
    code: [...names('code'), ...body],
    drawing: ['wide', 'core', 'emoji', 'han'].flatMap((tier) =>
      chosen
        .filter(({ family }) => family.use === 'body' && family.tier === tier)
        .map(({ family, covers }) => ({ family: family.family, covers })),
    ),
    covers: (code) => chosen.some(({ family, covers }) => family.use === 'body' && covers(code)),
  };
}
