import { HttpStatus } from '@nestjs/common';
import { ProblemError } from '../http/problem-error.js';

export class WebPageMissingError extends ProblemError {
  constructor() {
    super({
      slug: 'web-page-missing',
      title: 'Web page was not built',
      status: HttpStatus.NOT_FOUND,
      detail: 'This installation has no web page: build it with "npm run build:web" and restart.',
    });
  }
}
