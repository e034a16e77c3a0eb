import type { AgentRequest, RequestAnswer } from "../../protocol/requests.ts";
import type { LaunchPlan } from "../../protocol/routes.ts";
import type { ProgramStatus } from "../../protocol/ptyhost.ts";
import type { AgentHeadless } from "./headless.ts";
import type { Read, SignalSource, TimedReading } from "./reading.ts";

export interface LaunchRequest {
  readonly sessionId: string;
  /** The arguments as the person gave them. */
  readonly args: readonly string[];
  /** The environment that the program will get, before the plan's additions. */
  readonly env: Readonly<Record<string, string>>;
  /** Canonical. */
  readonly cwd: string;
  readonly mode: "pty" | "pipes";
  /** Finds a program as the caller's shell would. @throws {TallyError} `program-missing`, `program-not-executable` */
  readonly find: (program: string) => string;
  /** The version of a program that `find` found, null when it does not tell. Kept, so that it costs time only once. */
  readonly versionOf: (file: string) => Promise<string | null>;
  /** A file's text, null when there is none that can be read. For the person's own settings. */
  readonly readText: (path: string) => string | null;
  /** A folder of this launch's own, which exists once the plan's `files` are written to it. */
  readonly folder: string;
  /** The shell lines that an agent runs to tell us something. Null where there is no POSIX shell. */
  readonly hooks: HookLines | null;
  /** A TCP port on loopback that was free just now. */
  readonly freePort: () => Promise<number>;
  /** A random secret, 32 bytes in hexadecimal. */
  readonly newSecret: () => string;
  /** Whether the agent shall go on by itself when a usage limit resets, where it can. Otherwise that is switched off, and Tally does it. */
  readonly mayContinueItself: boolean;
  /** It is one of {@link AgentHeadless.launch}: no person sees what it writes. */
  readonly isHeadless?: boolean;
}

/** What says on which account a launch is. */
export interface AccountRequest {
  /** The arguments as the person gave them. */
  readonly args: readonly string[];
  /** The environment that the program will get. */
  readonly env: Readonly<Record<string, string>>;
  /** Canonical. */
  readonly cwd: string;
  /** A file's text, null when there is none that can be read. */
  readonly readText: (path: string) => string | null;
}

/** What a usage limit of this launch would belong to. Two launches with the same of the first three share their limits. */
export interface LaunchAccount {
  /** The folder with the agent's settings and login, absolute. Null where it has none. */
  readonly configHome: string | null;
  /** Where its requests go, when that is set at launch. */
  readonly endpoint: string | null;
  /** What it proves itself with, when that is set at launch. Only a hash of it is kept. */
  readonly credential: string | null;
  /** Whether these are the ones that the agent uses when nothing is set. */
  readonly isDefault: boolean;
  /** The model that the launch names, by an argument, a variable or settings. Null: it leaves that to the agent. */
  readonly model: string | null;
  /** False for what asks no model, such as `--help`: no limit holds it. */
  readonly usesModel: boolean;
}

/** Command lines for `/bin/sh`; each hands its stdin to the gateway, prints nothing and exits with 0. */
export interface HookLines {
  /** Hands over and is done. `channel` tells the adapter's reader which hook it was where the payload does not say. */
  readonly report: (channel: string) => string;
  /**
   * Hands over and waits for an answer, which it prints; exits silently when the gateway is gone or takes the request back, or when nobody
   * has answered in that time. Some agents say aloud that a hook took too long.
   */
  readonly ask: (channel: string, giveUpAfterSeconds?: number) => string;
  /** Hands over, then runs the person's own command on the same stdin, whose output and exit code become its own. */
  readonly wrap: (channel: string, command: string) => string;
}

/** What must be known to follow an agent, also by a gateway that did not launch it. Kept in the store, so nothing of the environment but what the readers need. */
export interface Whereabouts {
  /** Facts from the launch, by names of the adapter's own: its config home, its port. */
  readonly launch: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** The agent's process, null until it runs. */
  readonly pid: number | null;
  readonly conversationId: string | null;
  readonly transcriptPath: string | null;
}

export interface AgentLaunch extends LaunchPlan {
  readonly version: string | null;
  /** The id that the launch gave to the conversation, or that the arguments resume. Null: the agent will tell. */
  readonly conversationId: string | null;
  /** Files to write into `LaunchRequest.folder` before the start, by name; mode 0600. */
  readonly files: Readonly<Record<string, string>>;
  /** Sources that this launch switched on, or that this version speaks by itself. Silence of one of them is told to the person. */
  readonly expects: readonly SignalSource[];
  /** What the readers will need: becomes {@link Whereabouts.launch}. */
  readonly whereabouts: Readonly<Record<string, string>>;
  /** Whether it goes on by itself when a usage limit resets. */
  readonly continuesItself: boolean;
}

/** A file that tells of an agent while it is written. */
export interface WatchedFile {
  readonly source: SignalSource;
  readonly path: string;
  /** `json`: a file that is replaced, read whole. `jsonl`: one that grows by lines, read from its start. */
  readonly format: "json" | "jsonl";
  /** A new reader, called for every value in order. It may remember; after a restart of the gateway a new one reads from the start. */
  readonly reader: () => Read;
}

/** Server-sent events of an agent's own HTTP server on loopback. */
export interface WatchedStream {
  readonly source: "event-stream";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly reader: () => Read;
  /** What is asked on every (re)connection, to know what was missed: each answer goes through `read`. */
  readonly catchUp: readonly { readonly url: string; readonly read: Read }[];
}

/** How one answer, or one prompt, reaches an agent over HTTP. */
export interface AnswerCall {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** Whether this response says that the agent took the answer. */
  readonly isTaken: (status: number, body: string) => boolean;
}

/** All that Tally knows of one kind of agent. Nothing outside its adapter knows an agent's name. */
export interface AgentAdapter {
  readonly name: string;
  readonly label: string;
  /** How to get it, for a person who does not have it. Null when it is always there. */
  readonly installHint: string | null;
  /** The program to look for on PATH to tell whether the agent is installed. Null when it is always there. */
  readonly program: string | null;
  plan(request: LaunchRequest): AgentLaunch | Promise<AgentLaunch>;
  /** A session's title when the person gave none. */
  title(args: readonly string[]): string;
  /** Which account a launch is on: pure, and cheap enough for every launch. */
  account(request: AccountRequest): LaunchAccount;
  /** The variable that moves its settings and its login to another folder. Null where there is none. */
  readonly configHomeVariable: string | null;
  /** Variables besides the usual ones that a later launch on the same account needs, and that are no secrets: these are kept, others are not. */
  readonly keptVariables: readonly string[];
  /**
   * Arguments that go on with a conversation, with a first prompt or none. Null when the agent cannot.
   * @param launchedWith what the person launched it with: options such as the model stay, what chose the conversation and its prompt go.
   */
  resume(conversationId: string, prompt: string | null, launchedWith: readonly string[]): readonly string[] | null;
  /** Arguments that give a new conversation its first prompt, and keep it interactive. Null when the agent takes none. */
  readonly firstPrompt: (prompt: string) => readonly string[] | null;
  /** How a prompt reaches the live agent without typing. Absent: there is no such way. Null: not now. */
  readonly sendPrompt?: (whereabouts: Whereabouts, prompt: string) => AnswerCall | null;
  /** How a prompt is typed into its composer: the text, then after `submitAfterMs` the Enter key. Null when nothing may be typed. */
  readonly typing: { readonly submitAfterMs: number } | null;
  readonly reads: AgentReads;
  /** How it works without a terminal. Absent: it does not. */
  readonly headless?: AgentHeadless;
  /** How an answer to its requests reaches it. Absent: only its own terminal can answer. */
  readonly answers?: AgentAnswers;
  /** What a person has allowed it, carried from the main checkout to a new worktree. Absent: nothing has to be. */
  readonly checkouts?: AgentCheckouts;
}

/** A worktree, and the checkout whose permissions hold in it. */
export interface CheckoutPlace {
  /** The main checkout's folder; canonical. */
  readonly mainPath: string;
  /** The worktree's; canonical, and there while something is carried to it. */
  readonly path: string;
  /** The environment that the agent will get. */
  readonly env: Readonly<Record<string, string>>;
  /** The version of a program that `find` found, null when it does not tell. */
  readonly versionOf: (file: string) => Promise<string | null>;
  /** Finds a program as the caller's shell would. @throws {TallyError} `program-missing`, `program-not-executable` */
  readonly find: (program: string) => string;
}

/** The agent's permissions in checkouts of one repository. Neither ever breaks a file of the agent, nor throws. */
export interface AgentCheckouts {
  /** What `carry` may write into the worktree, as paths in it: to be kept out of git. */
  readonly files: readonly string[];
  /** What the main checkout allows holds in the worktree too. Done again it changes nothing. @returns what could not be done, each a sentence for a person */
  carry(place: CheckoutPlace): Promise<string[]>;
  /** Takes back what `carry` added for a worktree that is removed, as far as it is still as it was. */
  forget(place: CheckoutPlace): Promise<void>;
}

/** Where an adapter's readings come from. What is absent, the agent does not have. */
export interface AgentReads {
  /** A payload that a hook handed over. @param at when the hook ran: words such as "resets 3am" count from then. */
  readonly hook?: (payload: unknown, channel: string, at: number) => readonly TimedReading[];
  readonly files?: (whereabouts: Whereabouts) => readonly WatchedFile[];
  readonly streams?: (whereabouts: Whereabouts) => readonly WatchedStream[];
  /** OSC 7501. Absent: as the protocol defines it. */
  readonly programStatus?: (status: ProgramStatus, whereabouts: Whereabouts) => readonly TimedReading[];
  readonly title?: (title: string) => readonly TimedReading[];
  readonly progress?: (state: "normal" | "error" | "indeterminate" | "warning" | "none") => readonly TimedReading[];
  readonly notification?: (notification: { title: string | null; body: string }) => readonly TimedReading[];
  /** What a shell in the session's terminal does. */
  readonly shellPrompt?: (shell: { state: "prompt" | "command"; exitCode: number | null }) => readonly TimedReading[];
  /** The visible rows, once output rests. Exact shapes only: an agent that merely talks about dialogs shows their words too. */
  readonly screen?: (rows: string) => readonly TimedReading[];
}

export type AgentAnswers =
  /** The hook that asked prints this. */
  | { readonly via: "hook"; readonly output: (request: AgentRequest, answer: RequestAnswer, asked: unknown) => string }
  | {
      readonly via: "http";
      readonly call: (whereabouts: Whereabouts, request: AgentRequest, answer: RequestAnswer) => AnswerCall;
    };
