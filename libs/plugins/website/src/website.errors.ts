import { StagewrightError } from '@stagewright/engine/plugin';

/** Every error of the plugin, one factory per situation. None of them is mended by trying again. */
export const websiteErrors = {
  noIndex: () =>
    new StagewrightError('WEBSITE_NO_INDEX', 'The site has no index.html: visitors would find nothing.', {
      hint: 'Give one of the files the path "index.html".',
    }),
  pathInvalid: (path: string, why: string) =>
    new StagewrightError('WEBSITE_PATH_INVALID', `The path ${JSON.stringify(path.slice(0, 100))} ${why}.`, {
      hint: 'Use plain relative paths, each once, such as pages/about.html.',
    }),
};
