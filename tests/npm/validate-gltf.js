// node validate-gltf.js FILE...: what the Khronos validator says of each, as one line of JSON
const fs = require('fs');
const validator = require('gltf-validator');

(async () => {
    for (const file of process.argv.slice(2)) {
        const report = await validator.validateBytes(new Uint8Array(fs.readFileSync(file)), { maxIssues: 20 });
        const { numErrors, numWarnings, numInfos, numHints, messages } = report.issues;
        console.log(JSON.stringify({ numErrors, numWarnings, numInfos, numHints, messages, info: report.info }));
    }
})().catch(error => {
    console.error(String(error));
    process.exit(1);
});
