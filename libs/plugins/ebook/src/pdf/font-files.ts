/** A family of the PDF: files of one design whose coverage is the same. */
export interface FontFamily {
  /** The name under which the typesetter knows it. Nobody else uses it. */
  family: string;
  use: 'body' | 'code';
  /** `core` is always there; the others are loaded when the text needs them. */
  tier: 'core' | 'wide' | 'emoji' | 'han';
  /** Style -> asset name. The first one tells the coverage. */
  files: Array<{ style: string; asset: string }>;
}

const SERIF = ['latin', 'latin-ext', 'greek', 'cyrillic', 'cyrillic-ext', 'vietnamese'];
const MONO = ['latin', 'latin-ext', 'greek', 'greek-ext', 'cyrillic', 'cyrillic-ext', 'vietnamese'];
const STYLES: Array<[style: string, file: string]> = [
  ['Regular', '400-normal'],
  ['Italic', '400-italic'],
  ['Bold', '700-normal'],
  ['Bold Italic', '700-italic'],
];
const EMOJI = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10', 'emoji'];

const sources = new Map<string, string>();
function asset(path: string): string {
  const name = `fonts/${path.slice(path.lastIndexOf('/') + 1)}`;
  sources.set(name, path);
  return name;
}

function family(
  name: string,
  use: 'body' | 'code',
  tier: FontFamily['tier'],
  files: Array<[style: string, path: string]>,
): FontFamily {
  return {
    family: `Stagewright ${name}`,
    use,
    tier,
    files: files.map(([style, path]) => ({ style, asset: asset(path) })),
  };
}

/** Every family, in the order in which a glyph is looked for. */
export const FONT_FAMILIES: FontFamily[] = [
  ...SERIF.map((subset, index) =>
    family(
      `Serif ${index}`,
      'body',
      'core',
      STYLES.map(([style, file]) => [
        style,
        `@fontsource/source-serif-4/files/source-serif-4-${subset}-${file}.woff`,
      ]),
    ),
  ),
  ...MONO.map((subset, index) =>
    family(`Mono ${index}`, 'code', 'core', [
      ['Regular', `@fontsource/noto-sans-mono/files/noto-sans-mono-${subset}-400-normal.woff`],
      ['Bold', `@fontsource/noto-sans-mono/files/noto-sans-mono-${subset}-700-normal.woff`],
    ]),
  ),
  family('Wide', 'body', 'wide', [
    ['Regular', 'dejavu-fonts-ttf/ttf/DejaVuSans.ttf'],
    ['Bold', 'dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'],
  ]),
  family('Wide Mono', 'code', 'wide', [['Regular', 'dejavu-fonts-ttf/ttf/DejaVuSansMono.ttf']]),
  ...EMOJI.map((subset, index) =>
    family(`Emoji ${index}`, 'body', 'emoji', [
      ['Regular', `@fontsource/noto-emoji/files/noto-emoji-${subset}-400-normal.woff`],
    ]),
  ),
  family('Han', 'body', 'han', [
    ['Regular', '@fontsource/noto-sans-sc/files/noto-sans-sc-chinese-simplified-400-normal.woff'],
  ]),
];

/** What the plugin declares: asset name -> where the installed package has the file. */
export const FONT_ASSETS: Record<string, URL> = Object.fromEntries(
  [...sources].map(([name, path]) => [name, new URL(import.meta.resolve(path))]),
);
