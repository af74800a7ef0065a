export { BUNDLED_MODELS } from './bundled-models.js';
export { ConfigModule } from './config.module.js';
export { fittersOf, readFitters } from './fitters.js';
export { SettingsError } from './parse-settings.js';
export { servingOptions } from './serving-options.js';
export { SAMPLE_SECRET } from './setting-list.js';
export {
  describeSettings,
  readSettings,
  type SettingDescription,
  type SettingName,
  Settings,
} from './settings.js';
export { RUNTIME, VERSION } from './version.js';
