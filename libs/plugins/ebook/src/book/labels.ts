/** The few words that the book itself says. Languages that are not here get English ones. */
export interface Labels {
  /** BCP 47 tag of the words below: `en` where the book's own language has none here. */
  language: string;
  contents: string;
  landmarks: string;
  footnotes: string;
  back: string;
  /** Stands in a book whose run used the offline provider. Some of its words may well be an author's, so it says `contains`. */
  placeholder: string;
  /** The same for the cover, where there is little room. */
  placeholderShort: string;
}

const ENGLISH: Labels = {
  language: 'en',
  contents: 'Contents',
  landmarks: 'Landmarks',
  footnotes: 'Footnotes',
  back: 'Back to reference',
  placeholder:
    'Placeholder text: this book contains text that was made offline, without a language model, to stand where the real text will be.',
  placeholderShort: 'Contains placeholder text',
};
const LABELS: Record<string, Labels> = {
  de: {
    language: 'de',
    contents: 'Inhalt',
    landmarks: 'Orientierungspunkte',
    footnotes: 'Fu\u00dfnoten',
    back: 'Zur\u00fcck zum Verweis',
    placeholder:
      'Platzhaltertext: Dieses Buch enth\u00e4lt Text, der offline und ohne Sprachmodell erzeugt wurde und den Platz des endg\u00fcltigen Textes einnimmt.',
    placeholderShort: 'Enth\u00e4lt Platzhaltertext',
  },
  es: {
    language: 'es',
    contents: '\u00cdndice',
    landmarks: 'Puntos de referencia',
    footnotes: 'Notas',
    back: 'Volver a la referencia',
    placeholder:
      'Texto provisional: este libro contiene texto generado sin conexi\u00f3n y sin modelo de lenguaje, que ocupa el lugar del texto definitivo.',
    placeholderShort: 'Contiene texto provisional',
  },
  fr: {
    language: 'fr',
    contents: 'Sommaire',
    landmarks: 'Points de rep\u00e8re',
    footnotes: 'Notes',
    back: 'Retour \u00e0 la r\u00e9f\u00e9rence',
    placeholder:
      'Texte provisoire : ce livre contient du texte produit hors ligne, sans mod\u00e8le de langage, \u00e0 la place du texte d\u00e9finitif.',
    placeholderShort: 'Contient du texte provisoire',
  },
  it: {
    language: 'it',
    contents: 'Indice',
    landmarks: 'Punti di riferimento',
    footnotes: 'Note',
    back: 'Torna al riferimento',
    placeholder:
      'Testo segnaposto: questo libro contiene testo prodotto offline, senza un modello linguistico, al posto del testo definitivo.',
    placeholderShort: 'Contiene testo segnaposto',
  },
  nl: {
    language: 'nl',
    contents: 'Inhoud',
    landmarks: 'Ori\u00ebntatiepunten',
    footnotes: 'Voetnoten',
    back: 'Terug naar verwijzing',
    placeholder:
      'Plaatsvervangende tekst: dit boek bevat tekst die offline en zonder taalmodel is gemaakt, op de plaats van de definitieve tekst.',
    placeholderShort: 'Bevat plaatsvervangende tekst',
  },
  pt: {
    language: 'pt',
    contents: 'Sum\u00e1rio',
    landmarks: 'Pontos de refer\u00eancia',
    footnotes: 'Notas',
    back: 'Voltar \u00e0 refer\u00eancia',
    placeholder:
      'Texto provis\u00f3rio: este livro cont\u00e9m texto criado offline, sem modelo de linguagem, no lugar do texto definitivo.',
    placeholderShort: 'Cont\u00e9m texto provis\u00f3rio',
  },
};

export function labelsFor(language: string): Labels {
  return LABELS[language.split('-')[0] ?? ''] ?? ENGLISH;
}
