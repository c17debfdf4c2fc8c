extension Reference {
    /// The look of the pages below `/docs`, in light and dark, from phone to desktop.
    static let style = """
        :root{color-scheme:light dark;--ink:#1b2320;--soft:#5a6761;--line:#dfe3de;--paper:#fff;--tint:#f3f5f1;--mark:#1d6b58;--on-mark:#fff;\
        --bad:#a3341f;--get:#1d5f8a;--post:#1d6b58;--put:#7a5200;--delete:#a3341f}
        @media(prefers-color-scheme:dark){:root{--ink:#e3e8e4;--soft:#9aa8a1;--line:#303a36;--paper:#141917;--tint:#1c2320;--mark:#63c7ac;\
        --on-mark:#0d1512;--bad:#ef8a76;--get:#7cbbe6;--post:#63c7ac;--put:#e0b458;--delete:#ef8a76}}
        *{box-sizing:border-box}[hidden]{display:none!important}html{scroll-padding-top:1rem}
        body{margin:0;font:16px/1.55 system-ui,sans-serif;color:var(--ink);background:var(--paper);display:grid;grid-template-columns:18rem minmax(0,1fr)}
        .menu{position:sticky;top:0;height:100vh;overflow:auto;padding:1.2rem;border-right:1px solid var(--line);background:var(--tint);font-size:.85rem}
        .menu>summary{display:none}.brand{margin:0 0 .8rem;font-size:1.05rem;font-weight:700}.brand a{color:inherit;text-decoration:none}
        nav b{display:block;margin:1.2rem 0 .3rem}nav>a{display:flex;gap:.5rem;align-items:baseline;padding:.18rem 0;text-decoration:none;color:var(--soft)}
        nav>a:hover span,nav>a:focus-visible span{color:var(--mark)}nav .verb{flex:0 0 3.1rem;font-size:.62rem}
        main{padding:2rem clamp(1rem,3vw,3rem);max-width:84rem}a{color:var(--mark)}:focus-visible{outline:2px solid var(--mark);outline-offset:2px}
        h1{margin:0 0 .5rem;font-size:1.9rem}h2{margin:3rem 0 .5rem;padding-top:1rem;border-top:2px solid var(--line)}
        main>p{max-width:46rem}
        article,.panel{margin:1.5rem 0;padding:1.2rem 1.4rem;border:1px solid var(--line);border-radius:.7rem}article:target{border-color:var(--mark);box-shadow:0 0 0 1px var(--mark)}
        h3{margin:0 0 .4rem;font-size:1.15rem}h3 a{color:inherit;text-decoration:none}h3 a:hover{text-decoration:underline}
        h4{margin:1rem 0 .3rem;font-size:.8rem;color:var(--soft);text-transform:uppercase;letter-spacing:.04em}
        code,pre,textarea,.mono{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.84rem}
        pre{margin:.3rem 0;padding:.8rem 1rem;overflow:auto;max-height:30rem;background:var(--tint);border-radius:.4rem;white-space:pre-wrap;overflow-wrap:anywhere}
        .route{display:flex;gap:.7rem;align-items:baseline;overflow-wrap:anywhere}
        .verb{font-weight:700;font-size:.8rem;font-family:ui-monospace,Menlo,Consolas,monospace}
        .verb.get{color:var(--get)}.verb.post{color:var(--post)}.verb.put,.verb.patch{color:var(--put)}.verb.delete{color:var(--delete)}
        .soft{color:var(--soft);font-size:.875rem}.warning{color:var(--bad);font-weight:600}.codes{line-height:1.9}
        details>summary{cursor:pointer;width:fit-content}.columns details{margin-top:.8rem;font-size:.875rem}
        .columns{display:grid;gap:0 2rem}@media(min-width:78rem){.columns{grid-template-columns:minmax(0,1fr) minmax(0,26rem)}}.columns>div{min-width:0}
        table{width:100%;border-collapse:collapse;font-size:.875rem}td,th{padding:.35rem .6rem .35rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
        td:first-child{min-width:6rem}tr:target td{background:var(--tint)}
        .try{margin-top:1rem;border-top:1px solid var(--line);padding-top:.8rem}.try>summary{cursor:pointer;font-weight:600;color:var(--mark);width:fit-content}
        form{display:grid;gap:.7rem;margin-top:.8rem}fieldset{border:0;margin:0;padding:0;display:grid;gap:.5rem .9rem;grid-template-columns:repeat(auto-fill,minmax(min(100%,15rem),1fr))}
        legend{padding:0;margin:.4rem 0;font-size:.8rem;color:var(--soft);text-transform:uppercase;letter-spacing:.04em}
        label{display:grid;gap:.15rem;font-size:.84rem;min-width:0}label>span{overflow-wrap:anywhere}
        input,select,textarea{font:inherit;width:100%;padding:.42rem .55rem;color:inherit;background:var(--paper);border:1px solid var(--line);border-radius:.4rem;min-width:0}
        textarea{min-height:9rem;resize:vertical;font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.84rem}
        .actions{display:flex;flex-wrap:wrap;gap:.6rem;align-items:center}
        button{font:inherit;font-weight:600;padding:.45rem 1rem;border-radius:.4rem;border:1px solid var(--mark);background:var(--mark);color:var(--on-mark);cursor:pointer}
        button.quiet{background:transparent;color:var(--mark)}button:disabled{opacity:.5;cursor:default}
        .status{font-weight:700}.status.good{color:var(--mark)}.status.bad{color:var(--bad)}
        .panel form{grid-template-columns:repeat(auto-fit,minmax(min(100%,14rem),1fr));align-items:end}.panel>label{max-width:30rem}.panel p{margin:.2rem 0}
        @media(max-width:56rem){body{display:block}.menu{position:static;height:auto;border:0;border-bottom:1px solid var(--line);padding:.8rem 1rem}.menu>summary{display:block;cursor:pointer;font-weight:700}
        main{padding:1.2rem 1rem}article,.panel{padding:1rem}
        tr{display:block;padding:.4rem 0;border-bottom:1px solid var(--line)}td,th{display:block;padding:.05rem 0;border:0}}
        """
}
