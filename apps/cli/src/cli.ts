import { Command, CommanderError } from 'commander';
import { VERSION } from '#platform/config';
import { addDetectCommand } from './detect/detect.command.js';
import { addFetchCommand } from './fetch/fetch.command.js';
import { addModelsCommand } from './models/models.command.js';
import { CommandError, say } from './output.js';
import { addReplayCommand } from './replay/replay.command.js';
import { addSensitivityCommand } from './sensitivity/sensitivity.command.js';
import { addSimulateCommand } from './simulate/simulate.command.js';
import { addTrainCommand } from './train/train.command.js';
import { addValidateCommand } from './validate/validate.command.js';

/** Exit codes: 0 done, 1 the input or the search failed, 2 the command was called wrongly. */
export async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('lightfold')
    .description('Finds planets in light curves.')
    .version(VERSION)
    .showHelpAfterError()
    .enablePositionalOptions() // a command may have a --version of its own
    .exitOverride();
  addDetectCommand(program);
  addReplayCommand(program);
  addSensitivityCommand(program);
  addValidateCommand(program);
  addSimulateCommand(program);
  addFetchCommand(program);
  addModelsCommand(program);
  addTrainCommand(program);
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : 2;
    } else if (error instanceof CommandError) {
      say(`lightfold: ${error.message}`);
      process.exitCode = error.exitCode;
    } else {
      throw error;
    }
  }
}
