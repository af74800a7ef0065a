import { Body, Controller, Get, HttpStatus, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import * as contract from '#contracts';
import { type Caller, CurrentCaller, LimitedByAddress, Public } from '../http/access.js';
import { Returns, ReturnsNothing } from '../http/returns.decorator.js';
import { AuthService } from './auth.service.js';

@ApiTags('teams')
@Controller('api/v1/auth')
export class AuthController {
  constructor(private readonly auth: AuthService) {}

  @Post('register')
  @Public()
  @LimitedByAddress()
  @Returns(contract.registered, HttpStatus.CREATED)
  register(
    @Body({ schema: contract.register }) request: contract.Register,
  ): Promise<contract.Registered> {
    return this.auth.register(request);
  }

  @Post('login')
  @Public()
  @LimitedByAddress()
  @Returns(contract.tokens)
  login(@Body({ schema: contract.login }) request: contract.Login): Promise<contract.Tokens> {
    return this.auth.login(request);
  }

  @Post('refresh')
  @Public()
  @LimitedByAddress()
  @Returns(contract.tokens)
  refresh(@Body({ schema: contract.refresh }) request: contract.Refresh): Promise<contract.Tokens> {
    return this.auth.refresh(request.refreshToken);
  }

  @Post('logout')
  @ReturnsNothing()
  logout(@CurrentCaller() caller: Caller): Promise<void> {
    return this.auth.logout(caller);
  }

  @Get('me')
  @Returns(contract.me)
  me(@CurrentCaller() caller: Caller): Promise<contract.Me> {
    return this.auth.me(caller);
  }
}
