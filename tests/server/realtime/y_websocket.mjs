// Two writers and a reader with the package y-websocket as it is published, the first of them elsewhere when a second
// address is given. Prints what happened as JSON.
import { createRequire } from "node:module";

const [base, document, one, two, elsewhere = base] = process.argv.slice(2);
const require = createRequire(new URL("../../../client/package.json", import.meta.url));
const WebSocket = require("ws");
const Y = require("yjs");
const decoding = require("lib0/decoding");
const { WebsocketProvider } = require("y-websocket");

/** As a browser does: says from which page it comes. */
class FromOurPage extends WebSocket {
  constructor(address, protocols) {
    super(address, protocols, { origin: `http://${new URL(base).host}` });
  }
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const opened = [];

async function until(condition, what) {
  for (let waited = 0; !condition(); waited += 10) {
    if (waited > 180_000) throw new Error(`never: ${what}`);
    await pause(10);
  }
}

function join(token, room = document, params = {}, address = base) {
  const doc = new Y.Doc();
  const WebSocketPolyfill = token ? WebSocket : FromOurPage;
  const options = { WebSocketPolyfill, disableBc: true, params: { ...(token && { token }), ...params } };
  const provider = new WebsocketProvider(address, room, doc, options);
  const person = { doc, provider, text: doc.getXmlFragment("prosemirror"), codes: [], denied: [], acknowledged: 0 };
  provider.messageHandlers[7] = (_encoder, decoder) => (person.acknowledged = decoding.readVarUint(decoder));
  provider.messageHandlers[2] = (_encoder, decoder) => {
    decoding.readVarUint(decoder);
    person.denied.push(JSON.parse(decoding.readVarString(decoder)).code);
  };
  provider.on("connection-close", (event) => person.codes.push(event?.code));
  opened.push(provider);
  return person;
}

function clause(person, id, words) {
  const element = new Y.XmlElement("clause");
  const paragraph = new Y.XmlElement("paragraph");
  const text = new Y.XmlText(words);
  paragraph.insert(0, [text]);
  element.insert(0, [paragraph]);
  element.setAttribute("id", id);
  person.doc.transact(() => person.text.insert(person.text.length, [element]));
  return text;
}

const same = (...people) => people.every((person) => person.text.toString() === people[0].text.toString());
const said = {};

const ana = join(one, document, { ack: "1" }, elsewhere);
const bo = join(two);
const reader = join("");
await until(() => [ana, bo, reader].every((person) => person.provider.synced), "synced");

const text = clause(ana, "aaaaaaaaaa", "Été 😀");
await until(() => bo.text.toString().includes("Été 😀") && same(ana, bo, reader), "the first clause arrives");

bo.provider.disconnect();
clause(bo, "bbbbbbbbbb", "écrit hors ligne");
text.insert(0, "Vu l’");
bo.provider.connect();
await until(() => same(ana, bo, reader) && ana.text.toString().includes("hors ligne"), "offline words arrive");
said.text = ana.text.toString();

ana.provider.awareness.setLocalStateField("user", { name: "Ana" });
const names = (person) => [...person.provider.awareness.getStates().values()].map((state) => state.user?.name);
const shown = (person) => names(person).some((name) => name && name !== "Ana");
await until(() => shown(bo) && shown(reader), "a face bears the name that the server knows, not the one that it gives");

text.insert(0, "Bien ");
await until(() => ana.acknowledged === 4, "all acknowledged");
said.acknowledged = ana.acknowledged;

clause(reader, "cccccccccc", "interdit");
await until(() => reader.denied.length > 0, "a refusal");
await pause(200);
said.denied = reader.denied;
said.leaked = ana.text.toString().includes("interdit") || bo.text.toString().includes("interdit");

said.keys = 0;
bo.doc.on("update", () => (said.keys += 1));
for (let key = 0; key < 40; key += 1) {
  text.insert(text.length, "x");
  await until(() => said.keys > key, "a key arrives");
}

const lost = join(one, "motion-999");
await until(() => lost.codes.length > 0, "an unknown document is closed");
said.unknown = lost.codes[0];
const late = join("");
await until(() => late.provider.synced && same(ana, late), "a newcomer");
for (const provider of opened) provider.destroy();
process.stdout.write(JSON.stringify(said), () => process.exit(0));
