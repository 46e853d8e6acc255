import 'reflect-metadata';
import { runApp } from '#hosting';

/** The admin API alone, for the database that the inference servers use. */
runApp({ inference: false, admin: true });
