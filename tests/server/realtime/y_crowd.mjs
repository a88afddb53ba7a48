// Several browsers' worth of random edits, marks, moves and reconnections through the package y-websocket.
import { createRequire } from "node:module";

const [base, document, seed, ...tokens] = process.argv.slice(2);
const require = createRequire(new URL("../../../client/package.json", import.meta.url));
const WebSocket = require("ws");
const Y = require("yjs");
const decoding = require("lib0/decoding");
const { WebsocketProvider } = require("y-websocket");

const WORDS = ["a", "é", "😀", "mot ", "« x »", "👩‍🚀"];
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

let state = Number(seed) * 2654435761 + 1;
function below(limit) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * limit);
}

class FromOurPage extends WebSocket {
  constructor(address, protocols) {
    super(address, protocols, { origin: `http://${new URL(base).host}` });
  }
}

function join(token) {
  const doc = new Y.Doc();
  const params = token ? { token, ack: "1" } : { ack: "1" };
  const provider = new WebsocketProvider(base, document, doc, { WebSocketPolyfill: FromOurPage, disableBc: true, params });
  const person = { doc, provider, text: doc.getXmlFragment("prosemirror"), troubles: [] };
  provider.messageHandlers[7] = (_encoder, decoder) => decoding.readVarUint(decoder);
  provider.messageHandlers[2] = (_encoder, decoder) => {
    decoding.readVarUint(decoder);
    person.troubles.push(decoding.readVarString(decoder));
  };
  provider.on("connection-close", (event) => event?.code >= 1002 && person.troubles.push(event.code));
  return person;
}

const texts = (node) => (node instanceof Y.XmlText ? [node] : node.toArray().flatMap(texts));

/** Where a character of two units is not split. */
function places(text) {
  const plain = text.toDelta().map(({ insert }) => (typeof insert === "string" ? insert : "\u0000")).join("");
  const found = [0];
  for (const character of plain) found.push(found.at(-1) + character.length);
  return found;
}

function edit({ doc, text: root }) {
  const all = texts(root);
  if (!all.length || below(12) === 0) {
    doc.transact(() => {
      const element = new Y.XmlElement("clause");
      const paragraph = new Y.XmlElement("paragraph");
      paragraph.insert(0, [new Y.XmlText(WORDS[below(WORDS.length)])]);
      element.insert(0, [paragraph]);
      element.setAttribute("id", `c${below(8)}`);
      root.insert(below(root.length + 1), [element]);
    });
  } else if (below(15) === 0) {
    root.delete(below(root.length), 1);
  } else {
    const text = all[below(all.length)];
    const at = places(text);
    const start = below(at.length);
    const end = start + below(at.length - start);
    const kind = below(6);
    if (kind < 3) text.insert(at[start], WORDS[below(WORDS.length)], below(3) ? undefined : { strong: {} });
    else if (end > start && kind === 3) text.delete(at[start], at[end] - at[start]);
    else if (end > start) text.format(at[start], at[end] - at[start], { [below(2) ? "strong" : "em"]: below(3) ? {} : null });
  }
}

const writers = tokens.map(join);
const people = [...writers, join("")];
for (let step = 0; step < 600; step += 1) {
  const writer = writers[below(writers.length)];
  const chance = below(100);
  if (chance < 2) writer.provider.disconnect();
  else if (chance < 8) writer.provider.connect();
  else edit(writer);
  if (below(4) === 0) await pause(below(8));
}
for (const { provider } of people) provider.connect();
const settled = () => people.every((each) => each.provider.synced && each.text.toString() === people[0].text.toString());
for (let waited = 0; waited < 10_000 && !(settled() && waited > 500); waited += 50) await pause(50);

const pending = people.filter(({ doc }) => doc.store.pendingStructs || doc.store.pendingDs).length;
const said = { same: settled(), pending, troubles: people.flatMap((each) => each.troubles), text: people[0].text.toString() };
for (const { provider } of people) provider.destroy();
process.stdout.write(JSON.stringify(said), () => process.exit(0));
