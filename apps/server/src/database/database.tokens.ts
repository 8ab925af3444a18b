/** `DatabaseSettings`. Provided by the configuration feature, from a global module. */
export const DATABASE_SETTINGS = Symbol('DATABASE_SETTINGS');

export interface DatabaseSettings {
  /** Folder for everything the server keeps. Made when absent. */
  dataDir: string;
  /** PostgreSQL connection string; absent means the embedded database in `<dataDir>/db`. */
  databaseUrl: string | undefined;
}
