import { fromBase64, fromHex, toBase64, utf8, type Bytes } from "../record/bytes";
import { compare, readCheckpoint, remember, remembered, type Checkpoint } from "../record/checkpoint";
import { checkNote, isCommitted, readKey, readProof } from "../record/note";
import { consistencyProof, isConsistent, leafHash, rootFromInclusion, tileReader } from "../record/tree";
import { element } from "../shared/element";
import { language, say } from "../shared/language";

/** The result of a check; `open` means that it could not be decided here, and counts neither way. */
type Outcome = "right" | "wrong" | "open";

interface Finding {
  outcome: Outcome;
  sentence: string;
}

const number = new Intl.NumberFormat(language);
const date = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short" });

/** Checks one entry of the record in the browser, and says what that proves and what it does not. */
async function verify(place: HTMLElement): Promise<void> {
  place.replaceChildren(
    element(
      "p",
      { class: "meta", role: "status" },
      say("Vérification par votre navigateur…", "Your browser is verifying…"),
    ),
  );
  try {
    show(place, await findings(place.dataset));
  } catch {
    show(place, [
      {
        outcome: "open",
        sentence: say(
          "La vérification n’a pas pu se faire : le serveur ne répond pas.",
          "The check could not be made: the server does not answer.",
        ),
      },
    ]);
  }
}

async function findings(data: DOMStringMap): Promise<Finding[]> {
  if (!globalThis.crypto.subtle)
    return [
      {
        outcome: "open",
        sentence: say(
          "Un navigateur ne vérifie que sur une page sécurisée (https).",
          "A browser verifies on a secure page only (https).",
        ),
      },
    ];
  const { slug = "", entry = "", payload, salt, proof: proofAddress = "", key: keyAddress = "" } = data;
  const [proofText, keyLine] = await Promise.all([fetchText(proofAddress), fetchText(keyAddress)]);
  const proof = readProof(proofText);
  const checkpoint = proof && readCheckpoint(proof.checkpoint);
  if (!proof || !checkpoint || proof.index !== Number(data["index"]))
    return [
      {
        outcome: "wrong",
        sentence: say("La preuve n’a pas la forme attendue.", "The proof does not have the expected form."),
      },
    ];
  const root = await rootFromInclusion(proof.index, checkpoint.size, await leafHash(utf8(entry)), proof.path);
  return [
    included(root !== null && toBase64(root) === checkpoint.root, checkpoint),
    await signed(proof.checkpoint, keyLine),
    ...(payload !== undefined && salt !== undefined ? [await committed(payload, salt, entry, data["masked"] ?? "")] : []),
    ...(await remembering(slug, checkpoint)),
  ];
}

const included = (right: boolean, { size }: Checkpoint): Finding =>
  right
    ? {
        outcome: "right",
        sentence: say(
          `Cette écriture est bien dans le registre de ${number.format(size)} écritures.`,
          `This entry is in the record of ${number.format(size)} entries.`,
        ),
      }
    : {
        outcome: "wrong",
        sentence: say(
          "Cette écriture n’est pas dans le registre tel qu’il est signé.",
          "This entry is not in the record as it is signed.",
        ),
      };

async function signed(note: string, keyLine: string): Promise<Finding> {
  const key = await readKey(keyLine);
  const state = key ? await checkNote(note, key) : "invalid";
  switch (state) {
    case "valid":
      return {
        outcome: "right",
        sentence: say(
          "L’état du registre est signé par la clé de ce congrès.",
          "The state of the record is signed with the key of this congress.",
        ),
      };
    case "invalid":
      return {
        outcome: "wrong",
        sentence: say(
          "La signature du registre n’est pas celle de ce congrès.",
          "The signature of the record is not that of this congress.",
        ),
      };
    case "unsupported":
      return {
        outcome: "open",
        sentence: say(
          "Ce navigateur ne sait pas vérifier la signature (Ed25519).",
          "This browser cannot check the signature (Ed25519).",
        ),
      };
  }
}

/** Checks the commitment. `masked` is the new commitment made by a redaction of words; "" for none. */
async function committed(payload: string, salt: string, entry: string, masked: string): Promise<Finding> {
  const { c: first } = JSON.parse(entry) as { c: string };
  const c = masked || first;
  return (await isCommitted(payload, fromHex(salt), c))
    ? {
        outcome: "right",
        sentence: masked
          ? say(
              "Le contenu affiché est exactement celui, aux mots masqués, que l’acte de caviardage engage.",
              "The content shown, with words masked, is exactly what the act of redaction commits to.",
            )
          : say(
              "Le contenu affiché est exactement celui que l’écriture engage.",
              "The content shown is exactly what the entry commits to.",
            ),
      }
    : {
        outcome: "wrong",
        sentence: say(
          "Le contenu affiché n’est pas celui que l’écriture engage.",
          "The content shown is not what the entry commits to.",
        ),
      };
}

/** Whether the record continues the one that this browser saw before, which no signature can show. */
async function remembering(slug: string, now: Checkpoint): Promise<Finding[]> {
  const before = remembered(slug);
  const found = compare(before, now);
  if (!before || found === "new") {
    remember(slug, now);
    return [];
  }
  const seen = say(`vu ici le ${date.format(before.seen)}`, `seen here on ${date.format(before.seen)}`);
  const right: Finding = {
    outcome: "right",
    sentence: say(
      `Il prolonge sans rien changer celui de ${number.format(before.size)} écritures ${seen}.`,
      `It continues, changing nothing, the one of ${number.format(before.size)} entries ${seen}.`,
    ),
  };
  const wrong: Finding = {
    outcome: "wrong",
    sentence: say(
      `Il contredit celui de ${number.format(before.size)} écritures ${seen} (racine ${before.root}). Prévenez l’organisation.`,
      `It contradicts the one of ${number.format(before.size)} entries ${seen} (root ${before.root}). Tell the organisers.`,
    ),
  };
  if (found === "same")
    return [
      {
        outcome: "right",
        sentence: say(`C’est le registre ${seen}, inchangé.`, `It is the record ${seen}, unchanged.`),
      },
    ];
  if (found === "changed") return [wrong];
  return [(await continues(slug, before, now)) ? right : wrong];
}

async function continues(slug: string, before: Checkpoint, now: Checkpoint): Promise<boolean> {
  const [older, newer] = before.size < now.size ? [before, now] : [now, before];
  if (older.size === 0) return true;
  const read = tileReader(`/c/${slug}/registre`, newer.size, fetchBytes);
  const proof = await consistencyProof(older.size, newer.size, read);
  const fits = await isConsistent(older.size, fromBase64(older.root), newer.size, fromBase64(newer.root), proof);
  if (fits && newer === now) remember(slug, now);
  return fits;
}

function show(place: HTMLElement, found: Finding[]): void {
  const wrong = found.some(({ outcome }) => outcome === "wrong");
  const open = found.every(({ outcome }) => outcome === "open");
  const title = wrong
    ? say("La vérification a échoué", "Verification failed")
    : open
      ? say("Non vérifié", "Not verified")
      : say("Vérifié par votre navigateur", "Verified by your browser");
  const marks: Record<Outcome, string> = { right: "✓", wrong: "✕", open: "?" };
  const items = found.map(({ outcome, sentence }) =>
    element(
      "li",
      { class: `check-${outcome}` },
      element("span", { "aria-hidden": "true" }, `${marks[outcome]} `),
      sentence,
    ),
  );
  const tone = wrong ? "wrong" : open ? "careful" : "done";
  place.replaceChildren(
    element(
      "div",
      { class: `notice ${tone}`, role: wrong ? "alert" : "status" },
      element("h2", {}, title),
      element("ul", { class: "checks" }, ...items),
      element("p", { class: "meta" }, limits()),
    ),
  );
}

const limits = (): string =>
  say(
    "Ce que cela ne prouve pas : que l’exploitant n’a pas réécrit toute l’histoire avant votre première visite. Seule une racine gardée ailleurs, une preuve téléchargée plus tôt ou un témoin indépendant le montreraient. Ni que les phrases, les tableaux et les dessins de ce site disent ce que dit le registre : seule l’écriture elle-même est vérifiée ici ; « pleniere verify » refait chaque fichier de l’archive d’après le registre et compare, octet par octet. Cette page et son programme viennent du même serveur ; le vérificateur de l’archive s’exécute chez vous.",
    "What this does not prove: that the operator did not rewrite all of history before your first visit. Only a root kept elsewhere, a proof downloaded earlier or an independent witness would show that. Nor that the sentences, tables and pictures of this site say what the record says: only the entry itself is verified here; “pleniere verify” makes each file of the archive again from the record and compares every byte. This page and its program come from the same server; the verifier in the archive runs on your own machine.",
  );

async function fetchText(address: string): Promise<string> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.text();
}

async function fetchBytes(address: string): Promise<Bytes> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(String(answer.status));
  return new Uint8Array(await answer.arrayBuffer());
}

for (const place of document.querySelectorAll<HTMLElement>("[data-island=verify]")) void verify(place);
