import { createServer } from '@stagewright/server';
import { rmSync } from 'node:fs';
const dir='/tmp/data500'; rmSync(dir,{recursive:true,force:true});
const env={DATA_DIR:dir,PORT:'0',LOG_LEVEL:'error',REGISTRY_URL:'/tmp/reg500',REGISTRY_SYNC_SECONDS:'0',...(process.argv[2]?{DATABASE_URL:process.argv[2],SECRET_KEY:'kX2v9Qd7mT4sB8wYzR1nPfGhJc6LaEu3'}:{})};
let s=performance.now();
const server=await createServer({environment:env}); console.log('started with first sync', (performance.now()-s).toFixed(0));
await server.close();
