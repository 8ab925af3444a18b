import { plant } from '../../../chaos/planted/plant.ts';

/** For `node --import`: the server of this process has the plugin `post` beside those that ship. */
const module = new URL('post.ts', import.meta.url).href;
plant({
  file: 'apps/server/dist/composition/plugins.js',
  replace: [
    ['export const PLUGINS = [', `import { post } from '${module}';\nexport const PLUGINS = [`],
    ['http, website]', 'http, post, website]'],
  ],
});
