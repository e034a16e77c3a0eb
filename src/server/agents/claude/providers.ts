/** A cloud whose model API Claude Code uses instead of Anthropic's. */
export interface Provider {
  readonly name: string;
  readonly switchedOnBy: string;
  readonly urlVariable: string;
  /** What tells one of its places from another; of several names the first that is set counts. */
  readonly placeVariables: readonly (readonly string[])[];
  /** Secrets, or names of them, the strongest first. */
  readonly credentialVariables: readonly string[];
}

const awsRegion = ["AWS_REGION", "AWS_DEFAULT_REGION"];
const awsCredentials = ["AWS_BEARER_TOKEN_BEDROCK", "AWS_ACCESS_KEY_ID", "AWS_PROFILE"];

export const providers: readonly Provider[] = [
  {
    name: "Bedrock",
    switchedOnBy: "CLAUDE_CODE_USE_BEDROCK",
    urlVariable: "ANTHROPIC_BEDROCK_BASE_URL",
    placeVariables: [awsRegion],
    credentialVariables: awsCredentials,
  },
  {
    name: "Bedrock Mantle",
    switchedOnBy: "CLAUDE_CODE_USE_MANTLE",
    urlVariable: "ANTHROPIC_BEDROCK_MANTLE_BASE_URL",
    placeVariables: [awsRegion],
    credentialVariables: awsCredentials,
  },
  {
    name: "Vertex",
    switchedOnBy: "CLAUDE_CODE_USE_VERTEX",
    urlVariable: "ANTHROPIC_VERTEX_BASE_URL",
    placeVariables: [["ANTHROPIC_VERTEX_PROJECT_ID"], ["CLOUD_ML_REGION"]],
    credentialVariables: ["GOOGLE_APPLICATION_CREDENTIALS"],
  },
  {
    name: "Foundry",
    switchedOnBy: "CLAUDE_CODE_USE_FOUNDRY",
    urlVariable: "ANTHROPIC_FOUNDRY_BASE_URL",
    placeVariables: [["ANTHROPIC_FOUNDRY_RESOURCE"]],
    credentialVariables: ["ANTHROPIC_FOUNDRY_API_KEY", "ANTHROPIC_FOUNDRY_AUTH_TOKEN"],
  },
  {
    name: "Claude on AWS",
    switchedOnBy: "CLAUDE_CODE_USE_ANTHROPIC_AWS",
    urlVariable: "ANTHROPIC_AWS_BASE_URL",
    placeVariables: [["ANTHROPIC_AWS_WORKSPACE_ID"], awsRegion],
    credentialVariables: ["ANTHROPIC_AWS_API_KEY", "AWS_ACCESS_KEY_ID", "AWS_PROFILE"],
  },
  {
    name: "Claude on Google Cloud",
    switchedOnBy: "CLAUDE_CODE_USE_ANTHROPIC_GOOGLE_CLOUD",
    urlVariable: "ANTHROPIC_GOOGLE_CLOUD_BASE_URL",
    placeVariables: [
      ["ANTHROPIC_GOOGLE_CLOUD_PROJECT"],
      ["ANTHROPIC_GOOGLE_CLOUD_LOCATION"],
      ["ANTHROPIC_GOOGLE_CLOUD_WORKSPACE_ID"],
    ],
    credentialVariables: ["GOOGLE_APPLICATION_CREDENTIALS"],
  },
];

/** Names that stand for a secret, and are none. */
const namesOfCredentials = ["AWS_PROFILE", "GOOGLE_APPLICATION_CREDENTIALS"];

/** Variables that say which model API is used, and which model, and that are no secrets. An address of a proxy may hold a password. */
export const accountVariables: readonly string[] = [
  "ANTHROPIC_BASE_URL",
  "ANTHROPIC_MODEL",
  ...["FABLE", "HAIKU", "OPUS", "SONNET"].map((family) => `ANTHROPIC_DEFAULT_${family}_MODEL`),
  ...new Set(
    providers.flatMap(({ switchedOnBy, urlVariable, placeVariables }) => [
      switchedOnBy,
      urlVariable,
      ...placeVariables.flat(),
    ]),
  ),
  ...namesOfCredentials,
];
