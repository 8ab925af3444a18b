import { definePlugin } from '@stagewright/engine/plugin';
import { get } from './get.ts';
import { request } from './request.ts';

/** The `http` connector: calls of outside services, to the hosts that the operator allows. */
export const http = definePlugin({
  name: 'http',
  version: '1.0.0',
  title: 'HTTP',
  description: 'Reads from and writes to services over HTTP.',
  actions: [get, request],
});
