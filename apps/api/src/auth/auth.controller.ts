import { Body, Controller, Get, HttpStatus, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import * as contract from '#contracts';
import { type Caller, CurrentCaller, LimitedByAddress, Public } from '../http/access.js';
import { Returns, ReturnsNothing } from '../http/returns.decorator.js';
import { AuthService } from './auth.service.js';

@ApiTags('teams')
@Controller('api/v1/auth')
export class AuthController {
  constructor(private readonly auth: AuthService) {}

  @Post('register')
  @ApiOperation({ summary: 'Found a team; you are its owner' })
  @Public()
  @LimitedByAddress()
  @Returns(contract.registered, HttpStatus.CREATED)
  register(
    @Body({ schema: contract.register }) request: contract.Register,
  ): Promise<contract.Registered> {
    return this.auth.register(request);
  }

  @Post('login')
  @ApiOperation({ summary: 'Begin a session' })
  @Public()
  @LimitedByAddress()
  @Returns(contract.tokens)
  login(@Body({ schema: contract.login }) request: contract.Login): Promise<contract.Tokens> {
    return this.auth.login(request);
  }

  @Post('refresh')
  @ApiOperation({ summary: 'Trade a refresh token, good for one use, for new tokens' })
  @Public()
  @LimitedByAddress()
  @Returns(contract.tokens)
  refresh(@Body({ schema: contract.refresh }) request: contract.Refresh): Promise<contract.Tokens> {
    return this.auth.refresh(request.refreshToken);
  }

  @Post('logout')
  @ApiOperation({ summary: 'End the session: its access and refresh tokens' })
  @ReturnsNothing()
  logout(@CurrentCaller() caller: Caller): Promise<void> {
    return this.auth.logout(caller);
  }

  @Get('me')
  @ApiOperation({ summary: 'Who you are, and in which team' })
  @Returns(contract.me)
  me(@CurrentCaller() caller: Caller): Promise<contract.Me> {
    return this.auth.me(caller);
  }
}
