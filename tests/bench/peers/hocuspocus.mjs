// Hocuspocus as its own documentation starts it, in memory. A connection may stay silent for an hour.
import { Server } from "@hocuspocus/server";

const server = new Server({ port: Number(process.argv[2]), address: "127.0.0.1", quiet: true, timeout: 3_600_000 });
await server.listen();
console.log("ready");
