/** Something wrong in a file of a registry: the same in the editor, in `check`, in CI and on the server. */
export interface Finding {
  /** Stable, `AREA_REASON`: `TEMPLATE_UNKNOWN_STAGE`. */
  code: string;
  severity: 'error' | 'warning';
  /** What is wrong. One sentence. */
  message: string;
  /** How to mend it. One sentence. */
  hint?: string;
  /** Registry path: `templates/ebook/template.yaml`. */
  file: string;
  /** 1-based. */
  line: number;
  /** 1-based, in UTF-16 code units. */
  column: number;
  /** End of the range, exclusive; absent when only a point is known. */
  endLine?: number;
  endColumn?: number;
}
