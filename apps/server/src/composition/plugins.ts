import type { Plugin } from '@stagewright/engine/plugin';
import { ebook } from '@stagewright/plugin-ebook';
import { http } from '@stagewright/plugin-http';
import { website } from '@stagewright/plugin-website';

/** Every plugin of this installation, sorted by name. `test/architecture` holds it against the folders of `libs/plugins`. */
export const PLUGINS: readonly Plugin[] = [ebook, http, website];
