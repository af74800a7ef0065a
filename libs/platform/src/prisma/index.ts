export { PrismaDatabase } from './prisma-database.js';
export { PrismaModule } from './prisma.module.js';
export * from './generated/client.js';
