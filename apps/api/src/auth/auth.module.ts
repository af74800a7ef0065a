import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { RateLimitsModule } from '#platform/auth';
import { Settings } from '#platform/config';
import { AccessGuard } from './access.guard.js';
import { AccessTokenStrategy } from './access-token.strategy.js';
import { ApiKeysController } from './api-keys.controller.js';
import { ApiKeysRepository } from './api-keys.repository.js';
import { ApiKeysService } from './api-keys.service.js';
import { AuthController } from './auth.controller.js';
import { AuthRepository } from './auth.repository.js';
import { AuthService } from './auth.service.js';
import { Authenticator } from './authenticator.js';
import { CallersRepository } from './callers.repository.js';
import { MembersController } from './members.controller.js';
import { MembersRepository } from './members.repository.js';
import { MembersService } from './members.service.js';
import { RateLimitGuard } from './rate-limit.guard.js';

@Module({
  imports: [
    RateLimitsModule,
    JwtModule.registerAsync({
      inject: [Settings],
      useFactory: (settings: Settings) => ({ secret: settings.JWT_SECRET_KEY }),
    }),
  ],
  controllers: [AuthController, ApiKeysController, MembersController],
  providers: [
    AccessTokenStrategy,
    Authenticator,
    CallersRepository,
    AuthService,
    AuthRepository,
    ApiKeysService,
    ApiKeysRepository,
    MembersService,
    MembersRepository,
    // In this order: who is asking, and then how often.
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: APP_GUARD, useClass: RateLimitGuard },
  ],
  exports: [Authenticator],
})
export class AuthModule {}
