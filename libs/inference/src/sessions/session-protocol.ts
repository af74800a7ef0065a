/** What is said to the thread or process that runs graphs, and what it answers. */

/** How a graph is called: the names and sizes that its metadata state. */
export interface GraphSignature {
  /** (rows, features), float32 */
  readonly input: string;
  readonly features: number;
  /** (rows, outputs), float32; left out: the first output of the graph, as wide as it is. */
  readonly output?: string;
  readonly outputs?: number;
  /** (rows, any), float32; left out where the graph gives none. */
  readonly embedding?: string;
}

/** What a graph gives for N rows. */
export interface GraphAnswer {
  /** (N, outputs), row by row */
  readonly output: Float32Array;
  /** (N, embeddingSize), row by row; null where the graph gives none. */
  readonly embedding: Float32Array | null;
}

export type SessionRequest =
  | {
      readonly id: number;
      readonly act: 'load';
      readonly graph: number;
      readonly bytes: Uint8Array;
      readonly signature: GraphSignature;
    }
  | {
      readonly id: number;
      readonly act: 'run';
      readonly graph: number;
      readonly features: Float32Array;
      readonly rows: number;
    }
  | { readonly id: number; readonly act: 'unload'; readonly graph: number };

export type SessionReply =
  | { readonly id: number; readonly ok: true; readonly value: GraphAnswer | null }
  | { readonly id: number; readonly ok: false; readonly message: string };
