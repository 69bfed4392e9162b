// The rings of a Đông Sơn drum, drawn: Vietnamese, and nobody's logo. A star of fourteen rays, triangles, dots, flying birds.
const at = (radius, degrees) => {
  const angle = (degrees * Math.PI) / 180;
  return `${(200 + radius * Math.cos(angle)).toFixed(1)} ${(200 + radius * Math.sin(angle)).toFixed(1)}`;
};
const around = (count, draw) => Array.from({ length: count }, (_, step) => draw((360 / count) * step, 360 / count)).join("");
const ring = (radius) => `<circle cx="200" cy="200" r="${radius}"/>`;

export function drum() {
  const star = `M${Array.from({ length: 28 }, (_, step) => at(step % 2 ? 18 : 58, (360 / 28) * step)).join("L")}Z`;
  const teeth = (inner, outer, count) => around(count, (angle, step) => `M${at(inner, angle)}L${at(outer, angle + step / 2)}L${at(inner, angle + step)}`);
  const dots = (radius, count) => around(count, (angle) => `<circle cx="${at(radius, angle).replace(" ", '" cy="')}" r="2.4"/>`);
  const bird = "M-22 0q8-5 18-3l10-9 4 1-6 9q10 0 20 4-10 1-19 1l3 9-4 1-9-9q-9 1-17-4z";
  const birds = around(10, (angle) => `<path transform="translate(${at(147, angle)}) rotate(${(angle + 90).toFixed(0)})" d="${bird}"/>`);
  return [
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400"><g fill="none" stroke="#fff" stroke-width="2">',
    [64, 70, 92, 98, 116, 122, 172, 178, 194, 199].map(ring).join(""),
    `<path d="${teeth(72, 90, 36)}"/><path d="${teeth(180, 193, 72)}"/></g>`,
    `<g fill="#fff"><path d="${star}"/>${dots(107, 40)}${birds}</g></svg>\n`,
  ].join("");
}
