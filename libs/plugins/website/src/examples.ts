import type { ActionExample } from '@stagewright/engine/plugin';

const page = { name: 'index.html', mediaType: 'text/html', content: '<!doctype html><title>Tea</title>' };
const style = { name: 'style.css', mediaType: 'text/css', content: 'body { margin: 0 }' };

export const packExamples: ActionExample[] = [
  {
    title: 'A page and its style sheet',
    with: {
      files: [
        { path: 'index.html', artifact: 'upload-1' },
        { path: 'assets/style.css', artifact: 'upload-2' },
      ],
      name: 'tea',
    },
    uploads: { 'upload-1': page, 'upload-2': style },
    expect: { output: { site: { name: 'tea.zip', type: 'site' }, files: 2, pages: 1, placeholder: false } },
  },
  {
    title: 'A site without a first page is refused',
    with: { files: [{ path: 'tea.html', artifact: 'upload-1' }] },
    uploads: { 'upload-1': page },
    expect: { error: 'WEBSITE_NO_INDEX' },
  },
];
