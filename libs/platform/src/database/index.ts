export { Database, type DatabaseOptions, SchemaNotMigratedError } from './database.js';
export { DatabaseModule } from './database.module.js';
export { migrate, MigrationError, missingMigrations } from './migrate.js';
export { isStorable, storableJson, storableText } from './storable.js';
export { giveStorageBack, type StorageTaken, takeStorage } from './team-storage.js';
export { bytesOfFloats, floatsOfBytes } from './float-bytes.js';
