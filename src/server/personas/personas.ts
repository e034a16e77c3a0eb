import { TallyError } from "../../protocol/errors.ts";
import type { OfferedPersona } from "../../protocol/limit-routes.ts";
import type { Settings } from "../../protocol/limits.ts";
import type { AgentRegistry } from "../agents/registry.ts";
import type { Store } from "../store/store.ts";
import { personaHash } from "./persona-hash.ts";
import { type Overlaid, overlayPersona } from "./overlay-persona.ts";
import { repositoryPersonas } from "./repository-personas.ts";

export interface PersonasOptions {
  readonly store: Pick<Store, "value" | "change">;
  readonly agents: Pick<AgentRegistry, "adapter">;
  readonly settings: () => Settings;
}

/** What somebody asks to be launched. */
export interface PersonaOrder {
  readonly agent?: string | undefined;
  readonly persona?: string | undefined;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** What a launch in a folder can name. */
interface Offer {
  readonly personas: OfferedPersona[];
  readonly problem: string | null;
  readonly root: string;
}

/** Under which a person's approval of a hash is kept. */
const approvalKey = (hash: string) => `approved-persona:${hash}`;

/** The personas of the settings, and of repositories where a person has approved exactly what they say. */
export class Personas {
  readonly #options: PersonasOptions;

  constructor(options: PersonasOptions) {
    this.#options = options;
  }

  /** The personas that a launch in `cwd` can name. One of the settings hides one of the repository with its name. */
  async list(cwd: string): Promise<{ personas: OfferedPersona[]; problem: string | null }> {
    const { personas, problem } = await this.#offer(cwd);
    return { personas, problem };
  }

  /**
   * A person approves what a persona says.
   * @param hash of what they have seen.
   * @throws {TallyError} `persona-not-found`; `approval-needed` with what it says now, when that is something else
   */
  async approve(cwd: string, name: string, hash: string): Promise<OfferedPersona> {
    const persona = find(await this.#offer(cwd), name);
    if (persona.isApproved) return persona;
    if (persona.hash !== hash) {
      throw new TallyError(
        "approval-needed",
        `Persona ${name} says something else by now. Look at it again, then approve it.`,
        { persona },
      );
    }
    this.#options.store.change((transaction) => transaction.putValue(approvalKey(hash), { name }));
    return { ...persona, isApproved: true };
  }

  /**
   * What to launch: the order itself, or with what its persona says.
   * @throws {TallyError} `persona-not-found`, `approval-needed`, `invalid-request`, `agent-unknown`
   */
  async apply<T extends PersonaOrder>(order: T): Promise<Omit<T, keyof Overlaid> & Overlaid> {
    if (order.persona === undefined) {
      if (order.agent !== undefined) {
        return { ...order, agent: order.agent, args: [...order.args], env: { ...order.env } };
      }
      throw new TallyError("invalid-request", "Name an agent or a persona to start.");
    }
    const offer = await this.#offer(order.cwd);
    const persona = find(offer, order.persona);
    if (order.agent !== undefined && order.agent !== persona.agent) {
      throw new TallyError(
        "invalid-request",
        `Persona ${persona.name} starts ${persona.agent}, not ${order.agent}. Leave the agent out, or name another persona.`,
      );
    }
    const { configHomeVariable } = this.#options.agents.adapter(persona.agent);
    // Before anybody is asked: what cannot be started needs no approval.
    const overlaid = overlayPersona(persona, order, { root: offer.root, configHomeVariable });
    if (!persona.isApproved) {
      throw new TallyError(
        "approval-needed",
        `Persona ${persona.name} comes from the repository in ${offer.root}. Look at what it says and approve it first.`,
        { persona },
      );
    }
    return { ...order, ...overlaid };
  }

  async #offer(cwd: string): Promise<Offer> {
    const { root, project, personas, problem } = await repositoryPersonas(cwd);
    const own = this.#options.settings().personas;
    const names = new Set(own.map(({ name }) => name));
    const ofSettings = own.map((persona): OfferedPersona => {
      return { ...persona, from: "settings", isApproved: true, hash: personaHash(persona, "settings") };
    });
    const ofRepository = personas.map((persona): OfferedPersona => {
      const hash = personaHash(persona, project);
      return { ...persona, from: "repository", isApproved: this.#isApproved(hash), hash };
    });
    return { personas: [...ofSettings, ...ofRepository.filter(({ name }) => !names.has(name))], problem, root };
  }

  #isApproved(hash: string): boolean {
    return this.#options.store.value(approvalKey(hash)) !== undefined;
  }
}

function find({ personas, problem }: Offer, name: string): OfferedPersona {
  const found = personas.find((persona) => persona.name === name);
  if (found) return found;
  const names = personas.map((persona) => persona.name);
  const known = names.length === 0 ? "There are none here" : `There are: ${names.join(", ")}`;
  const why = problem === null ? "" : ` ${problem}`;
  throw new TallyError("persona-not-found", `There is no persona "${name}". ${known}.${why}`, { personas: names });
}
