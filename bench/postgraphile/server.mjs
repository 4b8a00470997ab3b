// Two processes of PostGraphile behind one port. Says so when both listen.

import cluster from "node:cluster";
import { fileURLToPath } from "node:url";

const PROCESSES = 2;

cluster.setupPrimary({ exec: fileURLToPath(new URL("worker.mjs", import.meta.url)) });
let listening = 0;
cluster.on("listening", () => {
  listening += 1;
  if (listening === PROCESSES) console.error("listening");
});
cluster.on("exit", () => process.exit(1));
for (let number = 0; number < PROCESSES; number += 1) cluster.fork();
