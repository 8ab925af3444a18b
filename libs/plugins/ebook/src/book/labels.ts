/** The few words that the book itself says. Languages that are not here get English ones. */
export interface Labels {
  contents: string;
  landmarks: string;
  footnotes: string;
  back: string;
}

const ENGLISH: Labels = {
  contents: 'Contents',
  landmarks: 'Landmarks',
  footnotes: 'Footnotes',
  back: 'Back to reference',
};
const LABELS: Record<string, Labels> = {
  de: {
    contents: 'Inhalt',
    landmarks: 'Orientierungspunkte',
    footnotes: 'Fu\u00dfnoten',
    back: 'Zur\u00fcck zum Verweis',
  },
  es: {
    contents: '\u00cdndice',
    landmarks: 'Puntos de referencia',
    footnotes: 'Notas',
    back: 'Volver a la referencia',
  },
  fr: {
    contents: 'Sommaire',
    landmarks: 'Points de rep\u00e8re',
    footnotes: 'Notes',
    back: 'Retour \u00e0 la r\u00e9f\u00e9rence',
  },
  it: {
    contents: 'Indice',
    landmarks: 'Punti di riferimento',
    footnotes: 'Note',
    back: 'Torna al riferimento',
  },
  nl: {
    contents: 'Inhoud',
    landmarks: 'Ori\u00ebntatiepunten',
    footnotes: 'Voetnoten',
    back: 'Terug naar verwijzing',
  },
  pt: {
    contents: 'Sum\u00e1rio',
    landmarks: 'Pontos de refer\u00eancia',
    footnotes: 'Notas',
    back: 'Voltar \u00e0 refer\u00eancia',
  },
};

export function labelsFor(language: string): Labels {
  return LABELS[language.split('-')[0] ?? ''] ?? ENGLISH;
}
