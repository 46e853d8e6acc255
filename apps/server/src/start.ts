import 'reflect-metadata';
import { runApp } from '#hosting';

/** The inference API alone: any number of these run side by side on one database. */
runApp({ inference: true, admin: false });
