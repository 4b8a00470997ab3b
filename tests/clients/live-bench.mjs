/**
 * Measures live data on a release build:
 *
 *   cargo build --release && PROMOGRAPH_BINARY=$PWD/target/release/promograph node tests/clients/live-bench.mjs [subscribers]
 *
 * What idle subscribers cost in memory, and how long a change takes from its webhook's answer, and from the
 * time that the row itself tells (taken before its commit), until its message is here.
 */
import { readFile } from "node:fs/promises";
import WebSocket from "ws";
import { startServer } from "../support/server.mjs";

const SUBSCRIBERS = Number(process.argv[2] ?? 2000);
const CHANGES = 300;
const LEADS = "subscription { leadChanged { lead { firstPromoterId state email } updatedAt lastEventId } }";

const server = await startServer({ settings: { PROMOGRAPH_LIVE_SUBSCRIPTIONS: "1000000", PROMOGRAPH_LOG: "warn" } });
const token = await server.issueToken("--role", "admin");
const memory = async () => {
  const status = await readFile(`/proc/${server.pid}/status`, "utf8");
  const of = (name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0);
  return { all: of("VmRSS"), own: of("RssAnon") };
};

function subscribe(onMessage, payload = { token }) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(server.origin.replace("http", "ws") + "/graphql", "graphql-transport-ws");
    socket.on("error", reject);
    socket.on("open", () => socket.send(JSON.stringify({ type: "connection_init", payload })));
    socket.on("message", (text) => {
      const message = JSON.parse(text);
      if (message.type === "connection_ack") {
        socket.send(JSON.stringify({ type: "subscribe", id: "1", payload: { query: LEADS } }));
        // Answered after the subscription was read.
        socket.send(JSON.stringify({ type: "ping" }));
      } else if (message.type === "pong") resolve(socket);
      else if (message.type === "ping") socket.send('{"type":"pong"}');
      else onMessage(message);
    });
  });
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
let number = 0;
async function change() {
  number += 1;
  const event = { id: number, type: "lead_signup", created_at: new Date(1_741_000_000_000 + number * 1000).toISOString() };
  await server.deliver(JSON.stringify({ event, data: { id: number, state: "signup", email: `lead-${number}@customer.example` } }));
}
const at = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))].toFixed(1);
const report = (what, times) => {
  times.sort((a, b) => a - b);
  console.log(`${what}: median ${at(times, 0.5)} ms, 95 % ${at(times, 0.95)} ms, longest ${at(times, 1)} ms`);
};

/** One change after the other, each with its message at one subscriber. */
async function latency(what, changes) {
  const [fromAnswer, fromRow] = [[], []];
  let arrived;
  const socket = await subscribe((message) => arrived?.(message));
  await pause(500);
  for (let count = 0; count < changes; count += 1) {
    const message = new Promise((resolve) => (arrived = (message) => resolve([message, performance.now(), Date.now()])));
    await change();
    const answered = performance.now();
    const [{ payload }, here, now] = await message;
    fromAnswer.push(Math.max(0, here - answered));
    fromRow.push(now - Date.parse(payload.data.leadChanged.updatedAt));
    await pause(20);
  }
  socket.close();
  report(`${what}, from the webhook's answer`, fromAnswer);
  report(`${what}, from the row's own time`, fromRow);
}

await change();
await latency("one subscriber", CHANGES);
const before = await memory();
const sockets = [];
let heard = 0;
while (sockets.length < SUBSCRIBERS) {
  sockets.push(...(await Promise.all(Array.from({ length: Math.min(50, SUBSCRIBERS - sockets.length) }, () => subscribe(() => (heard += 1))))));
}
await pause(2000);
const idle = await memory();
const mb = (kib) => `${(kib / 1024).toFixed(1)} MB`;
console.log(`${SUBSCRIBERS} idle subscribers: ${mb(idle.own - before.own)} more (${((idle.own - before.own) / SUBSCRIBERS).toFixed(1)} KiB each); the process: ${mb(idle.own)} of its own, ${mb(idle.all)} in all with the database's pages`);
await latency(`with ${SUBSCRIBERS} other subscribers`, 20);
const started = performance.now();
heard = 0;
await change();
while (heard < SUBSCRIBERS) await pause(1);
console.log(`one change at all ${SUBSCRIBERS}: ${(performance.now() - started).toFixed(0)} ms`);
console.log(`afterwards: ${mb((await memory()).own)} of its own`);
for (const socket of sockets) socket.terminate();
await server.stop();
