// Solves a model in free MPS by HiGHS (npm package "highs"): node highs.mjs MODEL.mps SECONDS PACKAGE
// Prints one line of JSON: status, objective and bound of the maximisation of which the model is the negative, seconds.
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';

const [model, seconds, folder] = process.argv.slice(2);
const highs = await createRequire(path.join(path.resolve(folder), 'x.js'))('highs')();
const began = process.hrtime.bigint();
const result = highs.withModel({ format: 'mps', data: fs.readFileSync(model) }, program => {
  program.options.set({ output_flag: false, time_limit: Number(seconds), mip_rel_gap: 1e-9 });
  program.run();
  return {
    status: String(program.getModelStatus()),
    value: program.info.get('objective_function_value'),
    bound: program.info.get('mip_dual_bound'),
    found: program.info.get('primal_solution_status'),
  };
});
const STATUS = { 7: 'optimal', 8: 'infeasible', 13: 'feasible' };
const usable = number => (Number.isFinite(number) && Math.abs(number) < 1e20 ? -number : null);
console.log(JSON.stringify({
  status: STATUS[result.status] ?? result.status,
  objective: result.found === 2 ? usable(result.value) : null,
  bound: usable(result.bound),
  seconds: Number(process.hrtime.bigint() - began) * 1e-9,
}));
