/** `lightfold models`: a registry of models in a folder, without a server. */
import { type Command, Option } from 'commander';
import { modelAlias } from '#contracts';
import { compare } from './compare.js';
import { info } from './info.js';
import { list } from './list.js';
import { promote, rollback } from './promote.js';
import { register } from './register.js';
import { validate } from './validate.js';

export function addModelsCommand(program: Command): void {
  const models = program
    .command('models')
    .description('Keep models: register, compare, validate and promote their versions')
    .enablePositionalOptions();
  const command = (name: string, description: string) =>
    models
      .command(name)
      .description(description)
      .addOption(
        new Option('--registry-path <folder>', 'folder of the registry')
          .env('MODEL_REGISTRY_PATH')
          .default('models'),
      );
  const named = (name: string, description: string) =>
    command(name, description).requiredOption('--name <model>', 'name of the model');
  const alias = () =>
    new Option('--alias <alias>', 'which alias moves')
      .choices(modelAlias.options)
      .default('champion');

  command('list', 'List models, their versions and aliases')
    .option('--name <model>', 'only this one')
    .option('--json', 'print JSON')
    .action(list);
  named('info', 'Show what is known of a version')
    .option('--version <version>', 'version or alias', 'latest')
    .option('--json', 'print its metadata')
    .action(info);
  command('register', 'Take a version in; it is checked first, and never changes afterwards')
    .argument('[folder]', 'folder with metadata.json and all files that it names')
    .option('--name <model>', 'name of the model')
    .option('--version <version>', 'semantic version, such as 1.0.0')
    .option('--model-file <file>', 'ONNX')
    .option('--metadata <file>', 'metadata; names, sizes and checksums of files are filled in')
    .option('--preprocessing <file>', 'declarative preprocessing')
    .option('--golden <file>', 'golden inputs with their outputs')
    .option('--note <text>', 'for the history', '')
    .action(register);
  named('compare', 'Show two versions side by side')
    .requiredOption('--version-a <version>', 'version or alias')
    .requiredOption('--version-b <version>', 'version or alias')
    .option('--json', 'print JSON')
    .action(compare);
  named('validate', 'Check files, load graphs, and compare golden outputs')
    .option('--version <version>', 'version or alias', 'latest')
    .action(validate);
  named('promote', 'Let an alias stand for a version')
    .requiredOption('--version <version>', 'version or alias')
    .addOption(alias())
    .option('--note <text>', 'for the history', '')
    .action(promote);
  named('rollback', 'Let an alias stand for what it stood for before')
    .addOption(alias())
    .option('--note <text>', 'for the history', '')
    .action(rollback);
}
