/** Elements whose meaning the document model can hold. Nothing else of raw HTML reaches it. */
export const ALLOWED = new Set(
  (
    'a abbr article aside b blockquote br caption cite code dd del details dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 ' +
    'header hr i img input ins kbd li main mark nav ol p pre q s samp section small span strike strong sub summary sup table tbody ' +
    'td tfoot th thead time tr tt u ul var'
  ).split(' '),
);
/** Elements that go away with everything inside them. */
const DROPPED = new Set(
  (
    'applet audio button canvas embed form frame frameset iframe head map math noembed noframes noscript object plaintext ' +
    'script select style svg template textarea title video xmp'
  ).split(' '),
);
/** Elements that go away while what they hold stays. */
const UNWRAPPED = new Set(
  (
    'acronym address area base basefont bdi bdo big blink body center col colgroup data datalist dialog dir fieldset font ' +
    'hgroup html label legend link marquee menu meta meter nobr optgroup option output param picture progress rp rt ruby ' +
    'search slot source track wbr'
  ).split(' '),
);

const TAG = /<!--[\s\S]*?(?:-->|$)|<[!?][^>]*>|<\/?([a-z][\w:-]*)(?:\s+(?:"[^"]*"|'[^']*'|[^<>"'])*|\/)?>/gi;
/** Attributes whose loss is worth a word: they could run something. */
const ACTIVE = /\son[a-z]+\s*=|\bsrcdoc\s*=|(?:javascript|vbscript|data)\s*:/i;

export interface CleanedHtml {
  html: string;
  /** What was left out, in words. */
  removed: string[];
}

/**
 * Raw HTML of a Markdown file, reduced to elements that the model can hold. Known but unwanted elements go, and are named;
 * what only looks like a tag (`List<String>`, `<your name>`) becomes text again, so that no words are lost.
 */
export function cleanRawHtml(html: string): CleanedHtml {
  const removed = new Set<string>();
  let out = '';
  let last = 0;
  TAG.lastIndex = 0;
  for (let match = TAG.exec(html); match !== null; match = TAG.exec(html)) {
    out += escapeStray(html.slice(last, match.index));
    last = TAG.lastIndex;
    const [tag, rawName] = match;
    const name = rawName?.toLowerCase();
    if (name === undefined) continue;
    if (ALLOWED.has(name)) {
      if (ACTIVE.test(tag)) removed.add(`an active attribute of <${name}>`);
      out += tag;
    } else if (DROPPED.has(name)) {
      removed.add(`<${name}>`);
      last = TAG.lastIndex = endOf(html, tag, name, last);
    } else if (UNWRAPPED.has(name)) {
      removed.add(`<${name}> (its text stays)`);
    } else {
      out += tag.replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    }
  }
  return { html: out + escapeStray(html.slice(last)), removed: [...removed] };
}

/** A `<` that begins no tag stays a character. */
function escapeStray(text: string): string {
  return text.replaceAll('<', '&lt;');
}

function endOf(html: string, tag: string, name: string, from: number): number {
  if (tag.startsWith('</') || tag.endsWith('/>')) return from;
  const close = new RegExp(`</${name}\\s*>`, 'gi');
  close.lastIndex = from;
  return close.exec(html) === null ? from : close.lastIndex;
}
