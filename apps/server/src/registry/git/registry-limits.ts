/** What one registry may cost. A registry beyond any of these is refused as a whole; the last good one goes on. */
export interface RegistryLimits {
  files: number;
  /** Bytes of all files at one commit. */
  bytes: number;
  /** Bytes that one fetch may add to the mirror. */
  transferBytes: number;
  timeMs: number;
}

export const REGISTRY_LIMITS: RegistryLimits = {
  files: 50_000,
  bytes: 50 * 1024 * 1024,
  transferBytes: 100 * 1024 * 1024,
  timeMs: 60_000,
};
