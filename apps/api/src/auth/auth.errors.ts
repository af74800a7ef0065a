import { HttpStatus } from '@nestjs/common';
import type { Role } from '#contracts';
import { ProblemError } from '../http/problem-error.js';

export class EmailTakenError extends ProblemError {
  constructor() {
    super({
      slug: 'email-taken',
      title: 'Address is taken',
      status: HttpStatus.CONFLICT,
      detail: 'A user with this email address exists already.',
    });
  }
}

export class InvalidCredentialsError extends ProblemError {
  constructor() {
    super({
      slug: 'invalid-credentials',
      title: 'Login failed',
      status: HttpStatus.UNAUTHORIZED,
      detail: 'No user has this email address and password.',
    });
  }
}

export class InvalidRefreshTokenError extends ProblemError {
  constructor(detail: string) {
    super({
      slug: 'invalid-refresh-token',
      title: 'Refresh token is not valid',
      status: HttpStatus.UNAUTHORIZED,
      detail,
    });
  }
}

export class NoSessionError extends ProblemError {
  constructor() {
    super({
      slug: 'no-session',
      title: 'An api key has no session',
      status: HttpStatus.CONFLICT,
      detail: 'Only a login can be logged out; to end an api key, delete it.',
    });
  }
}

export class RoleTooHighError extends ProblemError {
  constructor(asked: Role, own: Role) {
    super({
      slug: 'role-too-high',
      title: 'Role is higher than yours',
      status: HttpStatus.FORBIDDEN,
      detail: `A key may do what its maker may: you are ${own} and asked for ${asked}.`,
    });
  }
}

export class LastOwnerError extends ProblemError {
  constructor() {
    super({
      slug: 'last-owner',
      title: 'A team needs an owner',
      status: HttpStatus.CONFLICT,
      detail: 'This is the last owner of the team; make another member an owner first.',
    });
  }
}
