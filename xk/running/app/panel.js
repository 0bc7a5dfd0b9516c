var bench = this.closest('.xk-bench'), letters = this.parentNode.querySelector('style');
['said', 'wrong'].forEach(function (part) { bench.querySelector('.xk-' + part).setAttribute('aria-live', 'polite'); });
function keep(address, name) {
  var link = document.createElement('a');
  link.href = address; link.download = name; document.body.append(link); link.click(); link.remove();
}
function drawing() {
  var face = (letters.textContent.match(/@font-face\{[^}]*\}/) || [''])[0], top = 8, width = 0, parts = '';
  bench.querySelectorAll('.xk-shown svg.xk-chart').forEach(function (chart) {
    var box = chart.viewBox.baseVal, copy = chart.cloneNode(true), colours = getComputedStyle(chart);
    copy.setAttribute('y', top); copy.setAttribute('width', box.width); copy.setAttribute('height', box.height);
    copy.removeAttribute('style'); copy.setAttribute('font-family', 'xk, sans-serif');
    copy.setAttribute('fill', colours.fill);
    parts += new XMLSerializer().serializeToString(copy);
    top += box.height + 8; width = Math.max(width, box.width);
  });
  var caption = bench.querySelector('.xk-shown figcaption');
  if (caption) {
    var words = document.createTextNode(caption.textContent), said = document.createElement('i');
    said.append(words); top += 14;
    parts += '<text x="4" y="' + (top - 4) + '" font-family="xk, sans-serif" font-size="10" font-weight="bold">' +
      said.innerHTML + '</text>'; top += 4;
  }
  return {width: width, height: top, svg: '<svg xmlns="http://www.w3.org/2000/svg" width="' + width + '" height="' + top +
    '" viewBox="0 0 ' + width + ' ' + top + '"><style>' + face + '</style><rect width="100%" height="100%" fill="#fff"/>' +
    parts + '</svg>'};
}
bench.addEventListener('click', function (event) {
  var button = event.target.closest('[data-copy],[data-save]');
  if (!button) { return; }
  if (button.dataset.copy !== undefined) {
    var area = document.createElement('textarea');
    area.value = button.dataset.copy; document.body.append(area); area.select();
    if (navigator.clipboard) { navigator.clipboard.writeText(area.value); } else { document.execCommand('copy'); }
    area.remove(); button.classList.add('xk-done'); button.focus();
    return;
  }
  var drawn = drawing(), address = 'data:image/svg+xml;charset=utf-8,' + encodeURIComponent(drawn.svg);
  if (button.dataset.save === 'svg') { keep(address, button.dataset.name + '.svg'); return; }
  var picture = new Image();
  picture.onload = function () {
    var canvas = document.createElement('canvas'), scale = 2 * 96 / 72;
    canvas.width = drawn.width * scale; canvas.height = drawn.height * scale;
    canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
    keep(canvas.toDataURL('image/png'), button.dataset.name + '.png');
  };
  picture.src = address;
});
