import { definePlugin } from '@stagewright/engine/plugin';
import { pack } from './pack.ts';

/** The `website` workflow type: checked pages in, a site as one file out. */
export const website = definePlugin({
  name: 'website',
  version: '1.0.0',
  title: 'Website',
  description: 'Packs checked pages into a site that any web server can serve.',
  workflowType: { name: 'website', title: 'Website', description: 'A site of static pages, as a zip.' },
  actions: [pack],
  artifactTypes: [{ name: 'site', title: 'Static site', mediaType: 'application/zip', extension: 'zip' }],
});
