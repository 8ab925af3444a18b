import type { ActionExample } from '@stagewright/engine/plugin';

export const getExamples: ActionExample[] = [
  {
    title: 'Facts from a service, as JSON',
    with: { url: 'https://api.example.org/teas/oolong', headers: { accept: 'application/json' } },
    expect: { output: { status: 200, body: { name: 'Oolong', grams: 5 } } },
  },
  {
    title: 'Whether something is there, without reading it',
    with: { url: 'https://api.example.org/teas/none', method: 'HEAD', expectStatus: [200, 404] },
    expect: { output: { status: 404, body: null } },
  },
];

export const requestExamples: ActionExample[] = [
  {
    title: 'A webhook is told that the run is done',
    with: { url: 'https://hooks.example.org/books', body: { event: 'book.done', title: 'The Book of Tea' } },
    expect: { output: { status: 202, body: { accepted: true } } },
  },
  {
    title: 'A plain text with a method and a time of its own',
    with: {
      url: 'https://hooks.example.org/notes/7',
      method: 'PUT',
      headers: { 'content-type': 'text/markdown' },
      body: '# Tea\n',
      timeout: '5s',
    },
    expect: { output: { status: 202 } },
  },
  {
    title: 'A webhook that is gone is not tried again',
    with: { url: 'https://hooks.example.org/gone', body: {} },
    expect: { error: 'HTTP_GONE' },
  },
];
