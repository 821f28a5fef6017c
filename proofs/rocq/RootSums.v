(* Sums over the roots of a factor from its coefficients (proofs/checker.md section 6; root_sums in symplrnn/certificate/check.py).

   Let f be monic of degree d with roots z_1, ..., z_d in an extension. Then
   - the power sums s_k = z_1^k + ... + z_d^k are those of Newton's identities s_0 = d,
     s_k = - k f_(d-k) - sum_(0<i<k) f_(d-i) s_(k-i);
   - if g is coprime to f and t_0, ..., t_(d-1) solve sum_j (x^k g mod f)_j t_j = s_k for all k < d, then t_j is the sum of
     z^j / g(z) over all roots z. *)

From mathcomp Require Import all_ssreflect all_algebra.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Import GRing.Theory.
Local Open Scope ring_scope.

Section Newton.

Variable L : fieldType.
Implicit Types (r : seq L) (k : nat).

Definition power_sum r k := \sum_(z <- r) z ^+ k.

(* The polynomial with the coefficients in reverse order. *)
Definition reversed r : {poly L} := \prod_(z <- r) (1 - z *: 'X).

Lemma size_reversed r : (size (reversed r) <= (size r).+1)%N.
Proof.
elim: r => [|w r IH]; rewrite /reversed ?big_nil ?size_poly1 // big_cons.
have two : (size ((1 - w *: 'X)%R : {poly L}) <= 2)%N.
  rewrite (leq_trans (size_add _ _)) // geq_max size_poly1 size_opp.
  by rewrite (leq_trans (size_scale_leq _ _)) // size_polyX.
by rewrite (leq_trans (size_mul_leq _ _)) // -subn1 leq_subLR (leq_add two IH).
Qed.

Lemma reversed_coef r i : (i <= size r)%N -> (\prod_(z <- r) ('X - z%:P))`_(size r - i) = (reversed r)`_i.
Proof.
rewrite /reversed; elim: r i => [|w r IH] [|i] /= ir; rewrite ?big_nil ?big_cons.
- by rewrite subn0 !coefC.
- by [].
- rewrite subn0 2!mulrBl mul1r !coefB coefXM /= mul_polyC coefZ -scalerAl coefZ coefXM /= mulr0 subr0.
  by rewrite [in X in _ - X]nth_default ?mulr0 ?subr0 ?size_prod_XsubC // -IH // subn0.
rewrite ltnS in ir.
rewrite subSS 2!mulrBl mul1r !coefB mul_polyC coefZ -scalerAl coefZ !coefXM /= -(IH i ir); congr (_ - _).
move: ir; rewrite leq_eqVlt => /orP[/eqP ->|lt]; last first.
  by rewrite subn_eq0 leqNgt lt /= -subnS IH.
by rewrite subnn /= nth_default // size_reversed.
Qed.

Lemma newton_series r n :
  exists q, 'X * (reversed r)^`() + reversed r * (\sum_(j < n) power_sum r j.+1 *: 'X^j.+1) = q * 'X^n.+1.
Proof.
rewrite /reversed; elim: r => [|w r [q IH]].
  exists 0; rewrite big_nil derivC mulr0 mul0r add0r mul1r big1 // => j _.
  by rewrite /power_sum big_nil scale0r.
set h := \prod_(z <- r) _ in IH *; rewrite big_cons -/h.
pose geometric := \sum_(j < n) (w *: 'X : {poly L}) ^+ j.+1.
have geo : (1 - w *: 'X) * geometric = w *: 'X - (w *: 'X) ^+ n.+1.
  have -> : geometric = w *: 'X * \sum_(j < n) (w *: 'X) ^+ j.
    by rewrite mulr_sumr; apply: eq_bigr => j _; rewrite exprS.
  have -> : 1 - w *: 'X = - (w *: 'X - 1) :> {poly L} by rewrite opprB.
  by rewrite mulrCA mulNr -subrX1 mulrN mulrBr mulr1 -exprS opprB.
have -> : \sum_(j < n) power_sum (w :: r) j.+1 *: 'X^j.+1 = geometric + \sum_(j < n) power_sum r j.+1 *: 'X^j.+1.
  rewrite -big_split; apply: eq_bigr => j _ /=.
  by rewrite /power_sum big_cons scalerDl exprZn.
exists ((1 - w *: 'X) * q - w ^+ n.+1 *: h).
rewrite [RHS]mulrBl -[in RHS](mulrA _ q) -IH derivM derivB derivC derivZ derivX sub0r.
have -> : (w ^+ n.+1 *: h) * 'X^n.+1 = h * (w *: 'X) ^+ n.+1 by rewrite exprZn -scalerAl -scalerAr.
have -> : (1 - w *: 'X) * h * (geometric + \sum_(j < n) power_sum r j.+1 *: 'X^j.+1) =
  h * (w *: 'X - (w *: 'X) ^+ n.+1) + (1 - w *: 'X) * (h * \sum_(j < n) power_sum r j.+1 *: 'X^j.+1).
  by rewrite -geo mulrDr -!mulrA mulrCA.
rewrite mulrDr mulNr.
have -> : 'X * - (w%:A * h) = - (h * (w *: 'X)) by rewrite mulrN mulr_algl -!scalerAr mulrC.
rewrite [h * (_ - _)]mulrBr ['X * (_ * _)]mulrCA [(1 - w *: 'X) * (_ + _)]mulrDr.
by rewrite addrACA addKr addrC.
Qed.

Lemma bump0 k : bump 0 k = k.+1.
Proof. by []. Qed.

Lemma tail_coef (c : nat -> L) n m : (\sum_(j < n) c j.+1 *: 'X^j.+1)`_m = if (0 < m <= n)%N then c m else 0.
Proof.
have -> : \sum_(j < n) c j.+1 *: 'X^j.+1 = 'X * \poly_(j < n) c j.+1.
  by rewrite poly_def mulr_sumr; apply: eq_bigr => j _; rewrite exprS scalerAr.
by rewrite coefXM coef_poly; case: m.
Qed.

(* Newton's identities. *)
Theorem newton r (f := \prod_(z <- r) ('X - z%:P)) k : (0 < k <= size r)%N ->
  power_sum r k = - (k%:R * f`_(size r - k)) - \sum_(i < k.-1) f`_(size r - i.+1) * power_sum r (k - i.+1).
Proof.
case: k => // k /andP[_ kr]; have [q /(congr1 (fun p : {poly L} => p`_k.+1))] := newton_series r k.+1.
rewrite coefMXn leqnn coefD coefXM coef_deriv /= coefM big_ord_recl [X in _ + (_ + X)]big_ord_recr /=.
rewrite bump0 subnn !tail_coef mulr0 addr0.
have one : (reversed r)`_0 = 1.
  rewrite -reversed_coef // subn0; have /monicP := monic_prod_XsubC r predT id.
  by rewrite lead_coefE size_prod_XsubC.
rewrite subn0 leqnn one mul1r -(reversed_coef kr) -mulr_natl => /eqP.
rewrite addrCA addr_eq0 opprD => /eqP ->; congr (_ - _); apply: eq_bigr => i _.
have ik := ltn_ord i.
rewrite tail_coef bump0 subn_gt0 ltnS ik leq_subLR leq_addl /= -reversed_coef //.
exact: leq_trans ik (ltnW kr).
Qed.

Theorem power_sum0 r : power_sum r 0 = (size r)%:R.
Proof. by rewrite /power_sum (eq_bigr (fun=> 1)) // big_const_seq count_predT -Monoid.iteropE. Qed.

End Newton.

Section Weights.

Variables (L : fieldType) (r : seq L) (g : {poly L}) (t : nat -> L).
Local Notation f := (\prod_(z <- r) ('X - z%:P)).
Local Notation d := (size r).
Hypotheses (cop : coprimep f g).
Hypothesis solves : forall k, (k < d)%N -> \sum_(j < d) (('X^k * g) %% f)`_j * t j = power_sum r k.

Lemma size_modf h : (size (h %% f)%R <= d)%N.
Proof. by have := ltn_modp h f; rewrite size_prod_XsubC monic_neq0 ?monic_prod_XsubC. Qed.

Lemma horner_modf h z : z \in r -> (h %% f).[z] = h.[z].
Proof.
move=> zr; have fz : f.[z] = 0 by apply/rootP; rewrite root_prod_XsubC.
by rewrite [in RHS](divp_eq h f) hornerD hornerM fz mulr0 add0r.
Qed.

Theorem root_sums j : (j < d)%N -> t j = \sum_(z <- r) z ^+ j / g.[z].
Proof.
move=> jd; pose tau j := \sum_(z <- r) z ^+ j / g.[z]; pose s j := t j - tau j.
pose phi (h : {poly L}) := \sum_(j < d) h`_j * s j.
have phi_tau (h : {poly L}) : (size h <= d)%N -> \sum_(j < d) h`_j * tau j = \sum_(z <- r) h.[z] / g.[z].
  move=> hd; rewrite (eq_bigr (fun j : 'I_d => \sum_(z <- r) h`_j * (z ^+ j / g.[z]))) => [|i _]; last by rewrite mulr_sumr.
  rewrite exchange_big; apply: eq_bigr => z _; rewrite (horner_coef_wide _ hd) mulr_suml.
  by apply: eq_bigr => i _; rewrite mulrA.
have g0 z : z \in r -> g.[z] != 0.
  by move=> zr; apply: (coprimep_root cop); rewrite root_prod_XsubC.
have zero k : (k < d)%N -> phi (('X^k * g) %% f) = 0.
  move=> kd; rewrite /phi (eq_bigr (fun j : 'I_d => (('X^k * g) %% f)`_j * t j - (('X^k * g) %% f)`_j * tau j)) => [|i _].
    rewrite sumrB solves // phi_tau ?size_modf // /power_sum -sumrB big_seq big1 // => z zr.
    by rewrite horner_modf // hornerM hornerXn mulfK ?subrr ?g0.
  by rewrite mulrBr.
have phi_lin (h : {poly L}) : (size h <= d)%N -> phi ((h * g) %% f) = 0.
  move=> hd; have -> : (h * g) %% f = \sum_(k < d) h`_k *: (('X^k * g) %% f).
    have {1}-> : h = \sum_(k < d) h`_k *: 'X^k.
      by rewrite -poly_def; apply/polyP => i; rewrite coef_poly; case: ltnP => // di; rewrite nth_default ?(leq_trans hd).
    rewrite mulr_suml (big_morph (fun p => p %% f) (modpD f) (mod0p f)).
    by apply: eq_bigr => k _; rewrite -scalerAl modpZl.
  rewrite /phi (eq_bigr (fun j : 'I_d => \sum_(k < d) h`_k * ((('X^k * g) %% f)`_j * s j))) => [|i _].
    by rewrite exchange_big big1 // => k _; rewrite -mulr_sumr -/(phi _) zero // mulr0.
  by rewrite coef_sum mulr_suml; apply: eq_bigr => k _; rewrite coefZ mulrA.
have /Bezout_eq1_coprimepP[[u v] /= uv] := cop.
have := phi_lin (('X^j * v) %% f) (size_modf _).
rewrite mulrC modp_mul mulrCA [g * v]mulrC.
have -> : 'X^j * (v * g) = - ('X^j * u) * f + 'X^j.
  have -> : v * g = 1 - u * f by apply/eqP; rewrite eq_sym subr_eq addrC uv.
  by rewrite mulrBr mulr1 mulrA addrC mulNr.
rewrite modp_addl_mul_small; last by rewrite size_polyXn size_prod_XsubC.
rewrite /phi (bigD1 (Ordinal jd)) //= coefXn eqxx mul1r big1 => [|i ij].
  by rewrite addr0 => /eqP; rewrite subr_eq0 => /eqP.
by rewrite coefXn (_ : (i == j :> nat) = false) ?mul0r //; apply/negbTE; rewrite -(inj_eq val_inj) in ij.
Qed.

End Weights.
