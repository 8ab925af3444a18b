import type { SourceNode } from '../source/source-node.ts';
import type { Compilation } from './compilation.ts';
import { listUnder, mapUnder, textItems } from './draft.ts';
import type { StageDraft } from './draft.ts';
import { templateFaults } from './template.errors.ts';

/** The approver that stands for the owners of the template. */
export const CODEOWNERS = 'codeowners';

/** A gate that owners alone can open needs some. */
export function checkOwners(root: SourceNode, drafts: StageDraft[], compilation: Compilation): void {
  const { report } = compilation;
  for (const { node } of drafts) {
    const approvers = textItems(listUnder(mapUnder(node, 'approval', report), 'approvers', report));
    const [asked] = approvers;
    if (asked === undefined || approvers.some(({ value }) => value !== CODEOWNERS)) continue;
    const owners = compilation.codeowners ?? textItems(listUnder(root, 'owners', report));
    if (owners.length > 0) continue;
    report.error(asked, templateFaults.noCodeowners(compilation.name, compilation.codeowners !== null));
  }
}
