// Loaded before Azurite. Azurite answers a write at once and saves its tables every five seconds, so a killed server forgets blobs that it
// has confirmed; the real service does not. Here a write is answered when the tables that hold it are in their files.
'use strict';

const http = require('http');
const Loki = require('lokijs');

const databases = [];
const configure = Loki.prototype.configureOptions;
Loki.prototype.configureOptions = function (options, constructing) {
  if (constructing) {
    databases.push(this);
  }
  return configure.call(this, options, constructing);
};

let waiting = [];
let saving = false;

const save = (database) => new Promise((done, failed) => database.saveDatabase((fault) => (fault ? failed(fault) : done())));

async function saveAll() {
  saving = true;
  while (waiting.length > 0) {
    const served = waiting;
    waiting = [];
    const started = performance.now();
    // Blob rows point at extent rows, so those are saved first.
    for (const database of [...databases].sort((a, b) => b.filename.includes('extent') - a.filename.includes('extent'))) {
      await save(database);
    }
    served.forEach((answer) => answer());
    // Many writes share one save, and saving a large table takes at most a third of the time.
    await new Promise((next) => setTimeout(next, Math.max(5, 2 * (performance.now() - started))));
  }
  saving = false;
}

const end = http.ServerResponse.prototype.end;
http.ServerResponse.prototype.end = function (...rest) {
  if (this.req.method === 'GET' || this.req.method === 'HEAD' || this.statusCode >= 300) {
    return end.apply(this, rest);
  }
  waiting.push(() => end.apply(this, rest));
  if (!saving) {
    saveAll().catch((fault) => {
      console.error(`the tables could not be saved: ${fault}`);
      process.exit(1);
    });
  }
  return this;
};
