import { describe, expect, it } from '@jest/globals';
import { PLUGINS, PLUGIN_CATALOG } from './plugins.ts';

describe('what templates are checked against', () => {
  it('has every action of the plugins, and those of the engine itself, as on the server', () => {
    const ids = PLUGIN_CATALOG.actions().map(({ id }) => id);
    const ofPlugins = PLUGINS.flatMap(({ actions }) => actions.map(({ id }) => id));
    expect(ids).toEqual([...ofPlugins, 'tool/call', 'workflow/start'].sort());
  });
});
