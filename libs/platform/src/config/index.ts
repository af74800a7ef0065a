export { ConfigModule } from './config.module.js';
export {
  describeSettings,
  fittersOf,
  readFitters,
  readSettings,
  servingOptions,
  SAMPLE_SECRET,
  type SettingDescription,
  type SettingName,
  Settings,
  SettingsError,
} from './settings.js';
export { RUNTIME, VERSION } from './version.js';
